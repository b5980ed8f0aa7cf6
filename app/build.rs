//! Tells rustc whether pages are fetched when they are first opened (`cfg(split)`): in the browser's release builds, whose
//! wasm tools/post_build.mjs cuts into a main part and chunks. That needs the linker's relocations.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_FAMILY", "wasm") && is("PROFILE", "release") {
        println!("cargo::rustc-cfg=split");
        println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
    }
}
