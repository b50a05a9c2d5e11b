//! Pictures of a plan as SVG text: map, string-line diagram, loads, bars, heat map, QR codes.
//!
//! Written by hand: no fonts, no scripts, no references. Coordinates have one decimal, so files are small and the same plan
//! gives the same bytes. Colours are told apart by colour-blind readers (Okabe & Ito 2008) and by number, never by colour
//! alone.

pub mod bars;
pub mod frame;
pub mod heat;
pub mod labels;
pub mod loads;
pub mod map;
pub mod qr;
pub mod requests;
pub mod ribbons;
pub mod routes;
pub mod streets;
pub mod stringline;
pub mod svg;
