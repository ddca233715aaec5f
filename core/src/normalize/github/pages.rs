//! Lists that come in pages: what was given of one, and whether that can be all.

use super::super::cursor::Cursor;
use crate::error::Error;

/// The lengths of a full page: by default, and at most. A list of just this length may be the first page of more.
const FULL_PAGES: [usize; 2] = [30, 100];

/// What is known about the extent of a list, over all payloads that had a part of it.
#[derive(Clone, Copy, Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "four marks that are set one by one, in any order"
)]
pub(super) struct Pages {
    /// Some part of the list was given.
    pub(super) given: bool,
    /// Some part was shorter than a full page.
    ended: bool,
    /// The caller says that it is all.
    vouched: bool,
    /// The caller says that it is not all.
    denied: bool,
}

impl Pages {
    /// Whether the list is whole, as far as its length and the caller tell.
    pub(super) fn whole(self) -> bool {
        self.given && !self.denied && (self.ended || self.vouched)
    }

    /// Whether the list is whole, where the host counts what is in it. `cap` is the length at which the host cuts it off.
    pub(super) fn whole_by_count(self, length: usize, counted: Option<u64>, cap: usize) -> bool {
        let all = match counted {
            Some(counted) => u64::try_from(length) == Ok(counted),
            None => self.vouched,
        };
        self.given && !self.denied && all && length < cap
    }

    pub(super) fn add(&mut self, other: Self) {
        self.given |= other.given;
        self.ended |= other.ended;
        self.vouched |= other.vouched;
        self.denied |= other.denied;
    }
}

/// Reads a list: plain, or as `{"items": [...], "complete": true}`, where `items` may have a name of its own.
pub(super) fn list<'a>(
    value: &Cursor<'a>,
    items: &str,
) -> Result<(impl ExactSizeIterator<Item = Cursor<'a>> + use<'a>, Pages), Error> {
    let (list, complete) = if value.value().as_object().is_some() {
        (value.required(items)?, value.flag_of("complete")?)
    } else {
        (value.clone(), None)
    };
    let elements = list.items()?;
    let pages = Pages {
        given: true,
        ended: !FULL_PAGES.contains(&elements.len()),
        vouched: complete == Some(true),
        denied: complete == Some(false),
    };
    Ok((elements, pages))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: Pages = Pages {
        given: true,
        ended: true,
        vouched: false,
        denied: false,
    };

    #[test]
    fn trap_14_paging_and_caps() {
        assert!(GIVEN.whole());
        assert!(!Pages::default().whole());
        assert!(!Pages { ended: false, ..GIVEN }.whole());
        assert!(
            Pages {
                ended: false,
                vouched: true,
                ..GIVEN
            }
            .whole()
        );
        assert!(!Pages { denied: true, ..GIVEN }.whole());

        assert!(GIVEN.whole_by_count(4, Some(4), 3000));
        assert!(!GIVEN.whole_by_count(4, Some(5), 3000));
        assert!(!GIVEN.whole_by_count(4, None, 3000));
        assert!(!GIVEN.whole_by_count(3000, Some(3000), 3000));
        let vouched = Pages { vouched: true, ..GIVEN };
        assert!(vouched.whole_by_count(4, None, 3000));
        assert!(!vouched.whole_by_count(4, Some(5), 3000));
    }

    #[test]
    fn one_short_page_ends_the_list() {
        let mut pages = Pages { ended: false, ..GIVEN };
        pages.add(GIVEN);
        assert!(pages.whole());
    }
}
