//! One customer on screen.

use jiff::Timestamp;

use super::Scroll;
use crate::question::Question;
use domain::CustomerId;
use door::operations::ShowCustomer;
use door::views::{CustomerView, MemberView};

/// A customer with its members, now or at a time.
#[derive(Debug, Clone)]
pub struct CustomerScreen {
    /// The customer asked for.
    pub customer: CustomerId,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// When; `None` means now.
    pub at: Option<Timestamp>,
    /// The customer, once the desk has answered.
    pub view: Option<Box<CustomerView>>,
    /// Cursor among the fields.
    pub scroll: Scroll,
    /// Member under the cursor; the number of members is the golden column.
    pub column: usize,
    /// Values as delivered.
    pub raw: bool,
    /// Sensitive values in clear.
    pub unmasked: bool,
}

impl CustomerScreen {
    /// A screen that waits for its customer.
    #[must_use]
    pub fn new(customer: CustomerId, serial: u64) -> Self {
        Self {
            customer,
            serial,
            at: None,
            view: None,
            scroll: Scroll::default(),
            column: 0,
            raw: false,
            unmasked: false,
        }
    }

    /// What the desk is asked for it.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        ShowCustomer { customer: self.customer, at: self.at, unmask }.into()
    }

    /// Shows the desk's answer.
    pub fn fill(&mut self, view: CustomerView) {
        self.column = self.column.min(view.column.members.len());
        self.scroll.to(self.scroll.cursor, view.fields.len());
        self.view = Some(Box::new(view));
    }

    /// The member under the cursor.
    #[must_use]
    pub fn member(&self) -> Option<&MemberView> {
        self.view.as_ref()?.column.members.get(self.column)
    }

    /// The moment shown, as a place among the revisions; the number of revisions is now.
    #[must_use]
    pub fn revision(&self) -> usize {
        let Some(view) = &self.view else { return 0 };
        match self.at {
            None => view.revisions.len(),
            Some(at) => view.revisions.iter().filter(|revision| revision.at < at).count(),
        }
    }

    /// The moment one change earlier; `None` means it is the first.
    #[must_use]
    pub fn earlier(&self) -> Option<Timestamp> {
        let revisions = &self.view.as_ref()?.revisions;
        // From now, the latest change is what now shows: the one before it is the first to differ.
        let place = match self.at {
            None => revisions.len().checked_sub(2)?,
            Some(_) => self.revision().checked_sub(1)?,
        };
        revisions.get(place).map(|revision| revision.at)
    }

    /// The moment one change later: `Some(None)` is now; `None` means it is now already.
    #[must_use]
    pub fn later(&self) -> Option<Option<Timestamp>> {
        let revisions = &self.view.as_ref()?.revisions;
        self.at?;
        let place = self.revision() + 1;
        let last = place + 1 >= revisions.len();
        Some(if last { None } else { revisions.get(place).map(|revision| revision.at) })
    }
}
