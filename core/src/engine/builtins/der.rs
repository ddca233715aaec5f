//! The little of DER (X.690) that keys and signatures need.

/// An element: its tag and its content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// The first element, and the bytes after it.
pub(super) fn first(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest
            .split_at_checked(usize::from(length & 0x7f))
            .filter(|(digits, _)| (1..=4).contains(&digits.len()))?;
        (
            digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)),
            rest,
        )
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((Element { tag, content }, rest))
}

/// All elements of a content.
pub(super) fn all(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut elements = Vec::new();
    while !bytes.is_empty() {
        let (element, rest) = first(bytes)?;
        elements.push(element);
        bytes = rest;
    }
    Some(elements)
}

/// The elements of a sequence that is all there is.
pub(super) fn sequence(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let (element, rest) = first(bytes)?;
    (element.tag == SEQUENCE && rest.is_empty()).then(|| all(element.content))?
}

impl<'a> Element<'a> {
    /// The digits of an integer that is not negative, without leading zeros.
    pub(super) fn unsigned(self) -> Option<&'a [u8]> {
        let zeros = self.content.iter().take_while(|byte| **byte == 0).count();
        let negative = self.content.first().is_some_and(|byte| *byte >= 0x80);
        (self.tag == INTEGER && !negative).then(|| self.content.get(zeros..))?
    }

    pub(super) fn octets(self) -> Option<&'a [u8]> {
        (self.tag == OCTET_STRING).then_some(self.content)
    }

    /// The numbers of an object identifier.
    pub(super) fn object_identifier(self) -> Option<Vec<u64>> {
        (self.tag == OBJECT_IDENTIFIER).then(|| object_identifier(self.content))?
    }
}

/// The numbers of an object identifier's content.
pub(super) fn object_identifier(content: &[u8]) -> Option<Vec<u64>> {
    let (mut numbers, mut number): (Vec<u64>, u64) = (Vec::new(), 0);
    for byte in content {
        number = number.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if *byte < 0x80 {
            if numbers.is_empty() {
                let top = (number / 40).min(2);
                numbers.push(top);
                number -= top * 40;
            }
            numbers.push(number);
            number = 0;
        }
    }
    Some(numbers)
}
