//! Who stands in for whom: products that are alike and that people buy one of, not both.
//!
//! Question answered: if this one is out, does the buyer take another from the same shelf, and which? Input: what each
//! product is ([`Spec`]), its bills and its known buyers as rising positions. Output: for each its best substitutes with a
//! score 0–1, and together the chance that one of them is taken.
//!
//! score = alike × apart × same buyers, within one category:
//! - alike = (1 − |ln price ratio| ÷ ln 2) × brand (1, else ¾) × ⅘ for each doubling of storage and of memory: at half or
//!   twice the price nothing is a substitute;
//! - apart = (bills with both expected by chance + 1) ÷ (bills with both + 1), at most 1: what is bought together goes
//!   together, as cover and glass do;
//! - same buyers = ½ + ½ · (buyers of both + 1) ÷ (expected + 1), at most 1: two that the same people choose between.
//!
//! What fits one thing is no substitute for what fits another: names that say "for …" must say the same.
//!
//! Of a product the [`CANDIDATES`] most alike are looked at and the [`KEPT`] best kept; together [`TAKES`] · (1 − Π(1 −
//! score)), as not even half of those who find a shelf empty take another thing there.
//! How it fails: goods without category or price have none, and that is told apart from "none found"; a category that
//! holds everything finds substitutes by price alone. What happens when the shelf is empty in fact is not read here.
//! References: Tian, Lautz, Wallis & Lambiotte, "Extracting complements and substitutes from sales data", EPJ Data Science
//! 10 (2021) (substitutes are rarely in one basket and share their buyers); McAuley, Pandey & Leskovec, "Inferring networks
//! of substitutable and complementary products", KDD (2015); Gruen, Corsten & Bharadwaj, "Retail out-of-stocks" (2002)
//! (26 of 100 take another brand, 19 another size of the same).

/// Most alike that are looked at.
pub const CANDIDATES: usize = 16;
/// Best that are kept.
pub const KEPT: usize = 3;
/// What scores less is none.
pub const LEAST: f64 = 0.25;

/// Share of buyers who take another thing where a perfect one stands beside the empty place.
pub const TAKES: f64 = 0.45;

/// Another brand.
const OTHER_BRAND: f64 = 0.75;
/// For each doubling of storage or memory.
const OTHER_SIZE: f64 = 0.8;

/// What a product is.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// In one case; empty when unknown.
    pub category: String,
    /// In one case; empty when unknown.
    pub brand: String,
    /// What it is for, in one case; empty where its name does not say.
    pub fits: String,
    /// Price of one.
    pub price: f64,
    /// Gigabytes.
    pub storage_gb: Option<u16>,
    /// Gigabytes.
    pub ram_gb: Option<u16>,
}

/// Who bought what, as rising positions.
#[derive(Clone, Copy, Debug)]
pub struct Bought<'a> {
    /// Product → bills with it.
    pub bills: &'a [Vec<u32>],
    /// Product → known buyers.
    pub buyers: &'a [Vec<u32>],
    /// All bills.
    pub all_bills: usize,
    /// All known buyers.
    pub all_buyers: usize,
}

/// A stand-in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Position.
    pub product: usize,
    /// 0–1.
    pub score: f64,
}

/// Product → its substitutes, best first; none where category or price are unknown.
pub fn substitutes(specs: &[Spec], bought: Bought<'_>) -> Vec<Option<Vec<Match>>> {
    let known = |at: &usize| !specs[*at].category.is_empty() && specs[*at].price > 0.0;
    let mut places: Vec<usize> = (0..specs.len()).filter(known).collect();
    // Neighbours in a category by price: who is too far away is never looked at.
    crate::order::by(&mut places, |&a, &b| {
        let (one, other) = (&specs[a], &specs[b]);
        one.category.cmp(&other.category).then(one.price.total_cmp(&other.price)).then(a.cmp(&b))
    });
    let mut found = vec![None; specs.len()];
    for at in 0..places.len() {
        let own = places[at];
        let mut near: Vec<Match> = Vec::new();
        collect(specs, &places, own, &mut (0..at).rev(), &mut near);
        collect(specs, &places, own, &mut (at + 1..places.len()), &mut near);
        for it in &mut near {
            it.score *= bought.apart(own, it.product) * bought.same_buyers(own, it.product);
        }
        near.retain(|it| it.score >= LEAST);
        best(&mut near, KEPT);
        found[own] = Some(near);
    }
    found
}

/// The chance that one of them is taken.
pub fn together(matches: &[Match]) -> f64 {
    TAKES * (1.0 - matches.iter().fold(1.0, |left, it| left * (1.0 - it.score.clamp(0.0, 1.0))))
}

/// Takes the neighbours that are alike, until the price or the category is another.
fn collect(
    specs: &[Spec],
    places: &[usize],
    own: usize,
    neighbours: &mut dyn Iterator<Item = usize>,
    near: &mut Vec<Match>,
) {
    for at in neighbours {
        let product = places[at];
        if specs[own].category != specs[product].category {
            break;
        }
        let price = price_alike(&specs[own], &specs[product]);
        if price <= 0.0 {
            break;
        }
        let (own, other) = (&specs[own], &specs[product]);
        if !own.fits.is_empty() && !other.fits.is_empty() && own.fits != other.fits {
            continue;
        }
        near.push(Match { product, score: price * rest_alike(own, other) });
        if near.len() >= 4 * CANDIDATES {
            best(near, CANDIDATES);
            // All that follow are further away in price, and so no better than that.
            if near.last().is_some_and(|it| it.score >= price) {
                break;
            }
        }
    }
    best(near, CANDIDATES);
}

fn best(matches: &mut Vec<Match>, most: usize) {
    crate::order::by(matches, |a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
    matches.truncate(most);
}

fn price_alike(a: &Spec, b: &Spec) -> f64 {
    1.0 - (a.price / b.price).ln().abs() / std::f64::consts::LN_2
}

fn rest_alike(a: &Spec, b: &Spec) -> f64 {
    let size = |a: Option<u16>, b: Option<u16>| match (a, b) {
        (Some(a), Some(b)) if a > 0 && b > 0 => OTHER_SIZE.powf((f64::from(a) / f64::from(b)).log2().abs()),
        _ => 1.0,
    };
    let brand = if a.brand == b.brand { 1.0 } else { OTHER_BRAND };
    brand * size(a.storage_gb, b.storage_gb) * size(a.ram_gb, b.ram_gb)
}

impl Bought<'_> {
    fn apart(&self, a: usize, b: usize) -> f64 {
        ratio(&self.bills[a], &self.bills[b], self.all_bills).recip().min(1.0)
    }

    fn same_buyers(&self, a: usize, b: usize) -> f64 {
        0.5 + 0.5 * ratio(&self.buyers[a], &self.buyers[b], self.all_buyers).min(1.0)
    }
}

/// (Common ones + 1) ÷ (those that chance would make common + 1).
fn ratio(a: &[u32], b: &[u32], all: usize) -> f64 {
    let expected = if all == 0 { 0.0 } else { a.len() as f64 * b.len() as f64 / all as f64 };
    (common(a, b) as f64 + 1.0) / (expected + 1.0)
}

/// Positions that stand in both, each list rising.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut left, mut right, mut both) = (0, 0, 0);
    while left < a.len() && right < b.len() {
        match a[left].cmp(&b[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => (left, right, both) = (left + 1, right + 1, both + 1),
        }
    }
    both
}
