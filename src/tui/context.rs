//! Where a key means something: the screen, or what lies over it.
//!
//! What keys do there stands in the rows of [`super::keys`].

use super::model::{Face, Layer, Model, Screen};

macro_rules! contexts {
    (
        screens { $($(#[$screen_doc:meta])+ $screen:ident $screen_name:literal;)+ }
        pages { $($(#[$page_doc:meta])+ $page:ident $page_name:literal $(= $page_key:literal)?;)+ }
        layers { $($(#[$layer_doc:meta])+ $layer:ident $layer_name:literal $(= $layer_key:literal)?;)+ }
    ) => {
        /// Where a key means something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Context {
            $($(#[$screen_doc])+ $screen,)+
            $($(#[$page_doc])+ $page,)+
            $($(#[$layer_doc])+ $layer,)+
        }

        impl Context {
            /// Every context, in the order of the documentation.
            pub const ALL: [Context; [
                $(Self::$screen,)+ $(Self::$page,)+ $(Self::$layer,)+
            ].len()] = [
                $(Self::$screen,)+ $(Self::$page,)+ $(Self::$layer,)+
            ];

            /// The screens about the workspace as a whole.
            pub const OVERVIEWS: [Context; [$(Self::$page),+].len()] = [$(Self::$page),+];

            /// Its name in documentation.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$screen => $screen_name,)+
                    $(Self::$page => $page_name,)+
                    $(Self::$layer => $layer_name,)+
                }
            }

            /// Its name in `[keys]`.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self {
                    $($(Self::$page => $page_key,)?)+
                    $($(Self::$layer => $layer_key,)?)+
                    other => other.name(),
                }
            }

            /// Whether a layer has the keys: then the screens' own do not count.
            #[must_use]
            pub fn is_layer(self) -> bool {
                matches!(self, $(Self::$layer)|+)
            }
        }
    };
}

// One row each: its name in documentation, and in `[keys]` where that is another.
contexts! {
    screens {
        /// On every screen.
        Global "everywhere";
        /// The queue.
        Queue "queue";
        /// Customers side by side.
        Compare "compare";
        /// What was decided beside what came since.
        Challenge "challenge";
        /// An invalid record.
        Fix "fix";
        /// A customer.
        Customer "customer";
        /// A history.
        History "history";
    }
    pages {
        /// The workspace in numbers.
        Dashboard "dashboard";
        /// The rules.
        Rules "rules";
        /// The records that break a rule.
        Failing "records that break a rule" = "failing";
        /// The imports.
        Imports "imports";
        /// Rows in quarantine.
        Quarantine "quarantine";
        /// The values of a field.
        Values "values";
        /// Two matching runs.
        Runs "matching runs";
        /// Merging that people grant.
        Grants "grants";
        /// What waits for somebody's approval.
        Approvals "approvals";
        /// A verdict that waits for approval.
        Approval "approval";
        /// What a customer did.
        Timeline "timeline";
        /// A customer on one page.
        Card "card";
        /// How far customers came.
        Journeys "journeys";
        /// The customers at a step of a journey.
        AtStep "customers at a step" = "at-step";
        /// How many customers are in each segment.
        Segments "segments";
        /// The customers in a segment.
        Segment "customers in a segment" = "segment";
    }
    layers {
        /// Why, help, a whole value.
        Reading "why, help, full value" = "reading";
        /// The finder.
        Finder "finder";
        /// A prompt.
        Prompt "prompt";
        /// A menu.
        Menu "menu";
        /// A last question.
        Confirm "confirm";
        /// A file that was looked at.
        Look "file before its import" = "look";
        /// The palette of everything that can be done.
        Palette "palette";
        /// What becomes of decisions that build on one to be undone.
        Dependants "undo with dependants" = "dependants";
        /// Tasks by pattern.
        Groups "patterns";
        /// A verdict on many tasks.
        Bulk "bulk";
    }
}

impl Context {
    /// Whether characters are text here, so that none of them can be a key.
    #[must_use]
    pub fn types_text(self) -> bool {
        matches!(self, Context::Finder | Context::Prompt | Context::Palette | Context::Menu)
    }

    /// Whether digits are a count for the next key here.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Context::Queue | Context::History | Context::Customer)
            || Self::OVERVIEWS.contains(&self)
    }

    /// Whether digits are typed here, so that none of them can be a key.
    #[must_use]
    pub fn types_digits(self) -> bool {
        self == Context::Bulk
    }

    /// The context whose keys the model listens to.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        model.layers.last().map_or_else(|| Self::of_screen(model), Layer::context)
    }

    /// The context of the screen under the layers.
    #[must_use]
    pub fn of_screen(model: &Model) -> Self {
        match model.screens.last() {
            None => Context::Queue,
            Some(Screen::Customer(_)) => Context::Customer,
            Some(Screen::History(_)) => Context::History,
            Some(Screen::Overview(screen)) => screen.page.context(),
            Some(Screen::Task(task)) => Self::of_face(task.face()),
        }
    }

    fn of_face(face: Face) -> Self {
        match face {
            Face::Compare => Context::Compare,
            Face::Challenge => Context::Challenge,
            Face::Fix => Context::Fix,
        }
    }

    /// The context of the task beside the queue, while the queue has the keys: those that decide it
    /// count as well.
    #[must_use]
    pub fn beside(model: &Model) -> Option<Self> {
        let beside = model.at_hand().filter(|_| model.screens.is_empty())?;
        beside.view.as_ref().map(|_| Self::of_face(beside.face()))
    }
}
