//! page
fn main(){}
