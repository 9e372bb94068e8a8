//! Fixed-width pages: what is kept for every record and every customer.
//!
//! 36 bytes a row: anything written as a key of its own per row would dominate everything else. Whose
//! a record is stands in pages of its own: it changes with every merge, the rest does not.

use super::entries::Place;
use super::overlay::Overlay;
use super::trees::Trees;
use super::{StoreError, keys};
use domain::{CustomerId, Fingerprint, RecordId, Sequence};

/// Rows of one page.
pub(super) const ROWS: u32 = 256;

const RECORD_WIDTH: usize = 28;
const CROSS_REFERENCE_WIDTH: usize = 4;
const CUSTOMER_WIDTH: usize = 4;

const TOUCHED: u8 = 1;
const ERASED: u8 = 2;

/// What is kept for every source record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordRow {
    /// Where the revision in force stands in the ledger: mostly its latest.
    pub body: Place,
    /// The customer it belongs to.
    pub customer: CustomerId,
    /// The number of the revision in force, from 1.
    pub revision: u16,
    /// Whether people put layers over it: there is a [`RecordEntry`](super::RecordEntry).
    pub touched: bool,
    /// Whether its person was erased: the number stays, for ids are dense; nothing else counts.
    pub erased: bool,
    /// Fingerprint of its address.
    pub key: Fingerprint,
    /// Fingerprint of what was delivered last: of the row, or of the record where no row's is known.
    pub content: Fingerprint,
}

impl RecordRow {
    fn encode(&self) -> [u8; RECORD_WIDTH] {
        let mut row = [0; RECORD_WIDTH];
        // 48 bits of sequence and 16 of index: 281 trillion commits of 65,536 events.
        let place = (self.body.sequence.0 << 16) | u64::from(self.body.index);
        row[0..8].copy_from_slice(&place.to_le_bytes());
        row[8..10].copy_from_slice(&self.revision.to_le_bytes());
        row[10] = (u8::from(self.touched) * TOUCHED) | (u8::from(self.erased) * ERASED);
        row[11] = 1;
        row[12..20].copy_from_slice(&self.key.0.to_le_bytes());
        row[20..28].copy_from_slice(&self.content.0.to_le_bytes());
        row
    }

    fn decode(row: &[u8], customer: CustomerId) -> Option<RecordRow> {
        if row.len() != RECORD_WIDTH || row[11] == 0 {
            return None;
        }
        let number =
            |at: usize| row[at..at + 8].try_into().map(u64::from_le_bytes).unwrap_or_default();
        let place = number(0);
        Some(RecordRow {
            body: Place { sequence: Sequence(place >> 16), index: (place & 0xffff) as u16 },
            customer,
            revision: row[8..10].try_into().map(u16::from_le_bytes).unwrap_or_default(),
            touched: row[10] & TOUCHED != 0,
            erased: row[10] & ERASED != 0,
            key: Fingerprint(number(12)),
            content: Fingerprint(number(20)),
        })
    }
}

fn place_in_page(number: u32, width: usize) -> (u32, std::ops::Range<usize>) {
    let start = (number % ROWS) as usize * width;
    (number / ROWS, start..start + width)
}

pub(super) fn read_record(
    trees: &dyn Trees,
    id: RecordId,
) -> Result<Option<RecordRow>, StoreError> {
    let Some(customer) = read_cross_reference(trees, id)? else { return Ok(None) };
    let (page, range) = place_in_page(id.0, RECORD_WIDTH);
    let mut row = None;
    trees.look(&keys::numbered(keys::RECORD_PAGE, page), &mut |page| {
        let own = page.and_then(|page| page.get(range.clone()));
        row = own.and_then(|row| RecordRow::decode(row, customer));
    })?;
    Ok(row)
}

/// The customer a record belongs to.
pub(super) fn read_cross_reference(
    trees: &dyn Trees,
    id: RecordId,
) -> Result<Option<CustomerId>, StoreError> {
    let (page, range) = place_in_page(id.0, CROSS_REFERENCE_WIDTH);
    let mut customer = None;
    trees.look(&keys::numbered(keys::CROSS_REFERENCE_PAGE, page), &mut |page| {
        customer = page.and_then(|page| page.get(range.clone())).and_then(decode_cross_reference);
    })?;
    Ok(customer)
}

fn decode_cross_reference(slot: &[u8]) -> Option<CustomerId> {
    // Customers count from 1.
    let number = slot.try_into().map(u32::from_le_bytes).ok().filter(|number| *number > 0);
    number.map(CustomerId)
}

/// Writes a record's row, but for the customer it belongs to.
pub(super) fn write_record(
    overlay: &mut Overlay<'_>,
    id: RecordId,
    row: &RecordRow,
) -> Result<(), StoreError> {
    write(overlay, keys::RECORD_PAGE, id.0, &row.encode())
}

/// Writes the customer a record belongs to.
pub(super) fn write_cross_reference(
    overlay: &mut Overlay<'_>,
    id: RecordId,
    customer: CustomerId,
) -> Result<(), StoreError> {
    write(overlay, keys::CROSS_REFERENCE_PAGE, id.0, &customer.0.to_le_bytes())
}

fn write(overlay: &mut Overlay<'_>, kind: u8, number: u32, row: &[u8]) -> Result<(), StoreError> {
    let (page, range) = place_in_page(number, row.len());
    let page = overlay.value_mut(keys::numbered(kind, page), Vec::new)?;
    if page.len() < range.end {
        page.resize(range.end, 0);
    }
    page[range].copy_from_slice(row);
    Ok(())
}

/// Visits every record in order until the visitor answers `false`.
pub(super) fn scan_records(
    trees: &dyn Trees,
    visit: &mut dyn FnMut(RecordId, RecordRow) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    trees.scan(&[keys::RECORD_PAGE], &[], &mut |key, page| {
        let number = keys::last_number(key);
        let customers = trees.get(&keys::numbered(keys::CROSS_REFERENCE_PAGE, number))?;
        let mut customers = customers.iter().flat_map(|page| page.chunks(CROSS_REFERENCE_WIDTH));
        for (at, row) in page.chunks(RECORD_WIDTH).enumerate() {
            let id = RecordId(number * ROWS + at as u32);
            let customer = customers.next().and_then(decode_cross_reference);
            let row = customer
                .and_then(|customer| RecordRow::decode(row, customer))
                .ok_or_else(|| StoreError::damaged(format!("record number {} is missing", id.0)))?;
            if !visit(id, row)? {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// What a customer's slot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CustomerSlot {
    /// One record, no pin, never decided about.
    Single(RecordId),
    /// It has an entry of its own.
    Entry,
}

const OWN_ENTRY: u32 = u32::MAX;

pub(super) fn read_customer(
    trees: &dyn Trees,
    id: CustomerId,
) -> Result<Option<CustomerSlot>, StoreError> {
    let (page, range) = place_in_page(id.0, CUSTOMER_WIDTH);
    let mut slot = None;
    trees.look(&keys::numbered(keys::CUSTOMER_PAGE, page), &mut |page| {
        slot = page.and_then(|page| page.get(range.clone())).and_then(decode_slot);
    })?;
    Ok(slot)
}

fn decode_slot(slot: &[u8]) -> Option<CustomerSlot> {
    match slot.try_into().map(u32::from_le_bytes) {
        Ok(0) | Err(_) => None,
        Ok(OWN_ENTRY) => Some(CustomerSlot::Entry),
        Ok(number) => Some(CustomerSlot::Single(RecordId(number - 1))),
    }
}

pub(super) fn write_customer(
    overlay: &mut Overlay<'_>,
    id: CustomerId,
    slot: CustomerSlot,
) -> Result<(), StoreError> {
    let number = match slot {
        CustomerSlot::Single(record) => record.0 + 1,
        CustomerSlot::Entry => OWN_ENTRY,
    };
    write(overlay, keys::CUSTOMER_PAGE, id.0, &number.to_le_bytes())
}

/// Visits every customer id that was ever used, in order.
pub(super) fn scan_customers(
    trees: &dyn Trees,
    visit: &mut dyn FnMut(CustomerId, CustomerSlot) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    trees.scan(&[keys::CUSTOMER_PAGE], &[], &mut |key, page| {
        let first = keys::last_number(key) * ROWS;
        for (at, slot) in page.chunks(CUSTOMER_WIDTH).enumerate() {
            if let Some(slot) = decode_slot(slot)
                && !visit(CustomerId(first + at as u32), slot)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_its_page() {
        let row = RecordRow {
            body: Place { sequence: Sequence(1 << 40), index: 65_535 },
            customer: CustomerId(7),
            revision: 3,
            touched: true,
            erased: false,
            key: Fingerprint(u64::MAX),
            content: Fingerprint(1),
        };
        for row in [row, RecordRow { touched: false, erased: true, ..row }] {
            assert_eq!(RecordRow::decode(&row.encode(), row.customer), Some(row));
        }
        assert_eq!(RecordRow::decode(&[0; RECORD_WIDTH], CustomerId(7)), None);
    }
}
