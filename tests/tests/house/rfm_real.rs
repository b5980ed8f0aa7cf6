//! RFM of the standard real input against `tests/oracle/online_retail.py`, a plain Python reading of the file and
//! of the published table of segments.

use dukandar_core::{
    customer::rfm::{Segment, answer},
    demand,
    money::Paisa,
    time::{Day, Timestamp},
};
use dukandar_tests::online_retail::tables;

#[test]
fn grid_and_segments_match_the_python_oracle() {
    let today = demand::effective_today(tables(), None, Timestamp(1_800_000_000_000));
    assert_eq!(Some(today), Day::parse("2011-12-10"), "an imported past is asked about as of its end");
    let found = answer(tables(), None, today);
    assert_eq!(found.customers, 4_339);
    assert!((found.known_customer_share - 827_851_942.0 / 974_813_107.0).abs() < 1e-12);
    let grid = found.grid.map(|row| row.map(|cell| cell.customers));
    let expected = [
        [619, 156, 51, 29, 6],
        [343, 217, 131, 146, 29],
        [295, 183, 121, 175, 89],
        [170, 159, 128, 232, 192],
        [67, 120, 77, 220, 384],
    ];
    assert_eq!(grid, expected);
    let segments: Vec<_> = found.segments.iter().map(|row| (row.segment, row.customers, row.spend)).collect();
    assert_eq!(
        segments,
        [
            (Segment::Champions, 881, Paisa(545_574_455)),
            (Segment::LoyalCustomers, 814, Paisa(129_201_108)),
            (Segment::PotentialLoyalists, 136, Paisa(4_047_805)),
            (Segment::NewCustomers, 237, Paisa(7_537_998)),
            (Segment::Promising, 355, Paisa(10_471_433)),
            (Segment::CustomersNeedingAttention, 685, Paisa(45_685_075)),
            (Segment::AtRisk, 403, Paisa(67_214_733)),
            (Segment::Lost, 828, Paisa(19_160_459)),
        ]
    );
}
