#!/usr/bin/env node
// Is the table that src/domain/coordinates/gcoord.rs tests against really what gcoord answers? Installs that version into
// a temporary folder, works the table out again and compares; with --write it writes the table instead.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "1.0.7";
const table = join(dirname(fileURLToPath(import.meta.url)), "../src/domain/coordinates/gcoord.csv");

const folder = mkdtempSync(join(tmpdir(), "gcoord-"));
let gcoord;
try {
  execFileSync("npm", ["install", "--silent", "--no-save", "--prefix", folder, `gcoord@${VERSION}`], { stdio: "inherit" });
  gcoord = createRequire(join(folder, "index.js"))("gcoord");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// All over China and beyond; 0.03 degrees to both sides of each edge of the box (72.004..137.8347, 0.8293..55.8271).
const lons = [60, 71.974, 72.034, 75.98, 87.617, 91.132, 104.9, 105.07, 113.264, 116.391, 121.4473, 126.64, 137.8047, 137.8647, 151.2];
const lats = [-33.9, 0.7993, 0.8593, 9.55, 18.25, 22.5431, 27.7, 31.2813, 35.01, 39.9087, 43.825, 49.2, 55.7971, 55.8571];
const { WGS84, GCJ02, BD09 } = gcoord;
const pairs = [[WGS84, GCJ02], [WGS84, BD09], [GCJ02, BD09], [GCJ02, WGS84], [BD09, WGS84], [BD09, GCJ02]];
const name = (system) => system.toLowerCase();
const rows = [`# gcoord ${VERSION} (MIT): each point taken as one system, in another. Written by .ci/gcoord.mjs`];
rows.push(["lon", "lat", ...pairs.flatMap(([from, to]) => ["lon", "lat"].map((axis) => `${name(from)}_${name(to)}_${axis}`))].join(","));
for (const lon of lons) {
  for (const lat of lats) {
    const moved = pairs.flatMap(([from, to]) => gcoord.transform([lon, lat], from, to));
    rows.push([lon, lat, ...moved.map((degrees) => degrees.toFixed(9))].join(","));
  }
}
const text = rows.join("\n") + "\n";

if (process.argv.includes("--write")) {
  writeFileSync(table, text);
} else if (readFileSync(table, "utf8") !== text) {
  console.error("src/domain/coordinates/gcoord.csv is not what gcoord answers; run .ci/gcoord.mjs --write and look at the change");
  process.exit(1);
}
console.log(`${rows.length - 2} points as gcoord ${VERSION} has them`);
