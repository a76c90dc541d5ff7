// The other maker of tests/bench/certificate_peer.sh: pdf-lib draws the same page, @signpdf seals it (RSA-2048; it knows
// no other key). No PDF/A, no tags, no attachment, no arms, no PAdES attribute: it has less to do.
//
//   node peer_maker.cjs make DIR FILE   one, from a cold process
//   node peer_maker.cjs time DIR N      N warm rounds, in the form of certificate_peer
"use strict";
const fs = require("node:fs");
const { PDFDocument, rgb } = require("pdf-lib");
const fontkit = require("@pdf-lib/fontkit");
const { pdflibAddPlaceholder } = require("@signpdf/placeholder-pdf-lib");
const { P12Signer } = require("@signpdf/signer-p12");
const signpdf = require("@signpdf/signpdf").default;

const fonts = "/usr/share/fonts/truetype/noto/";
const faces = ["NotoSerif-Regular", "NotoSerif-Bold", "NotoSerif-Italic", "NotoSans-Regular", "NotoSans-Bold"];
const programs = faces.map((name) => fs.readFileSync(fonts + name + ".ttf"));
const points = 72 / 25400;
const height = 297000 * points;

const colour = (text) => rgb(...[1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255));

async function draw(described) {
  const pdf = await PDFDocument.create();
  pdf.registerFontkit(fontkit);
  pdf.setTitle(described.title);
  const page = pdf.addPage([210000 * points, height]);
  const embedded = [];
  for (const item of described.items) {
    if (item.kind === "text") {
      embedded[item.face] ??= await pdf.embedFont(programs[item.face], { subset: true });
      page.drawText(item.text, {
        x: item.x * points, y: height - item.y * points, size: item.size * points, font: embedded[item.face], color: colour(item.colour),
      });
    } else if (item.kind === "line") {
      page.drawLine({
        start: { x: item.x1 * points, y: height - item.y1 * points }, end: { x: item.x2 * points, y: height - item.y2 * points },
        thickness: item.width * points, color: colour(item.colour),
      });
    } else if (item.kind === "path") {
      page.drawSvgPath(item.path, { x: 0, y: height, scale: points, color: colour(item.colour) });
    } else if (item.kind === "qr") {
      const side = (item.side * points) / item.rows.length;
      item.rows.forEach((row, r) => {
        for (let c = 0; c < row.length; ++c) {
          if (row[c] === "0") continue;
          const from = c;
          while (row[c + 1] === "1") ++c;
          page.drawRectangle({
            x: item.x * points + from * side, y: height - item.y * points - (r + 1) * side, width: (c + 1 - from) * side, height: side, color: rgb(0, 0, 0),
          });
        }
      });
    }
  }
  return pdf;
}

async function save(pdf) {
  pdflibAddPlaceholder({
    pdfDoc: pdf, reason: "Förseglat vid ceremonin", contactInfo: "", name: "Strandköpings kommun", location: "Strandköping", signatureLength: 16384,
  });
  return pdf.save({ useObjectStreams: false });
}

async function main(what, folder, last) {
  const described = JSON.parse(fs.readFileSync(folder + "/page.json", "utf8"));
  const p12 = fs.readFileSync(folder + "/seal.p12");
  const seal = (bytes) => signpdf.sign(bytes, new P12Signer(p12, { passphrase: "peer" })); // a signer seals once
  if (what === "make") {
    fs.writeFileSync(last, await seal(Buffer.from(await save(await draw(described)))));
    return;
  }
  const took = { draw: [], structure: [], seal: [], whole: [] };
  const now = () => [performance.now(), process.cpuUsage()];
  const between = ([from, used], [to, after]) => ({ wall: to - from, cpu: (after.user + after.system - used.user - used.system) / 1000 });
  let size = 0;
  for (let i = -3; i < Number(last); ++i) {
    const times = [now()];
    const pdf = await draw(described);
    times.push(now());
    const bytes = Buffer.from(await save(pdf));
    times.push(now());
    size = (await seal(bytes)).length;
    times.push(now());
    if (i < 0) continue; // not warm yet
    ["draw", "structure", "seal"].forEach((stage, at) => took[stage].push(between(times[at], times[at + 1])));
    took.whole.push(between(times[0], times[3]));
  }
  for (const [stage, all] of Object.entries(took)) {
    const at = (share, kind) => all.map((one) => one[kind]).sort((a, b) => a - b)[Math.floor(all.length * share)].toFixed(2);
    console.log([stage, at(0.5, "wall"), at(0.95, "wall"), at(0.5, "cpu")].join("\t"));
  }
  console.log(["size", size].join("\t"));
}

main(...process.argv.slice(2));
