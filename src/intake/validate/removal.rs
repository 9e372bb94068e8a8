//! Whether a breach is mended by having no value: a placeholder stands for nothing, and of what cannot be
//! true the rule may say that it is to be removed.

use super::{Subject, applies};
use domain::{FieldType, Severity, Value};
use settings::{Check, Remedy, Rule};

/// Whether the value says nothing of anybody: it stands for none, or is a day on which it cannot have been.
fn cannot_be_true(subject: &Subject<'_>) -> bool {
    match subject.rule.check {
        Check::NotDefault(_) => true,
        Check::Range(_) => {
            // What cannot be read may still be meant as something.
            let field = subject.rule.field.as_str();
            subject.rule.severity == Severity::Error
                && subject.values.get(field).is_some_and(Value::is_readable)
                && matches!(subject.field_type, FieldType::Date | FieldType::DateOfBirth)
        }
        _ => false,
    }
}

/// Whether that the value is removed would mend the breach, and no rule demands that there be one.
pub(super) fn mends(subject: &Subject<'_>) -> bool {
    let rule = subject.rule;
    let field = rule.field.as_str();
    if subject.values.get(field).is_none() {
        return false;
    }
    let is_said = match rule.remedy_said() {
        Some(Remedy::Remove) => true,
        Some(Remedy::SetTo(_)) => false,
        None => rule.remedy.is_none() && cannot_be_true(subject),
    };
    if !is_said {
        return false;
    }
    let mut without = subject.values.clone();
    without.remove(field);
    let demands = |other: &Rule| {
        matches!(other.check, Check::Required)
            && other.severity == Severity::Error
            && other.field == rule.field
            && applies(other, &without)
    };
    !subject.settings.rules.iter().any(demands)
}
