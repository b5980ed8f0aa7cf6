//! One regression tree on codes: nodes that ask, leaves that answer.

use serde::{Deserialize, Serialize};

/// A question to one column's code.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Which column.
    pub column: u16,
    /// What is asked.
    pub test: Test,
    /// Where to go when it is so and when it is not: a node, or a leaf as its complement (`!leaf`).
    pub children: [i32; 2],
}

/// What a node asks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// Code at most `cut`, after `shift` was taken off with wrap-around: a shift of 1 turns "not known" (0) into 255,
    /// which is above every cut.
    AtMost {
        /// Highest code that goes left.
        cut: u8,
        /// 0: not known goes left. 1: it goes right.
        shift: u8,
    },
    /// Code in the set of that index.
    In(u16),
}

/// A tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) leaves: Vec<f32>,
    /// Sets of codes, a bit each.
    pub(super) sets: Vec<[u64; 4]>,
}

/// Whether a set holds a code.
pub(super) fn holds(set: &[u64; 4], code: u8) -> bool {
    set[usize::from(code >> 6)] >> (code & 63) & 1 == 1
}

impl Tree {
    /// Which leaf the row of these codes falls into.
    pub fn leaf(&self, codes: &[u8]) -> usize {
        let mut at = if self.nodes.is_empty() { !0 } else { 0 };
        while at >= 0 {
            let node = &self.nodes[at as usize];
            let code = codes[usize::from(node.column)];
            let left = match node.test {
                Test::AtMost { cut, shift } => code.wrapping_sub(shift) <= cut,
                Test::In(set) => holds(&self.sets[usize::from(set)], code),
            };
            at = node.children[usize::from(!left)];
        }
        !at as usize
    }

    /// What that leaf says.
    pub fn value(&self, codes: &[u8]) -> f64 {
        f64::from(self.leaves[self.leaf(codes)])
    }

    /// Leaves.
    pub fn leaves(&self) -> &[f32] {
        &self.leaves
    }
}

/// Adds what every tree says to the rows' sums. Trees outside, so that each stays in the nearest cache.
pub(super) fn add_all(trees: &[Tree], codes: &[u8], width: usize, sums: &mut [f64]) {
    /// Rows whose codes stay in the nearest cache together with a tree.
    const BLOCK: usize = 512;
    for (codes, sums) in codes.chunks(BLOCK * width).zip(sums.chunks_mut(BLOCK)) {
        for tree in trees {
            for (codes, sum) in codes.chunks_exact(width).zip(sums.iter_mut()) {
                *sum += tree.value(codes);
            }
        }
    }
}
