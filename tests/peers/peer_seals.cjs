// What pkijs says about sealed PDFs: NODE_PATH=.../node_modules node peer_seals.cjs TRUST.pem FILE...
//
// One line a file, by tabs: name, "ok" or "NO", the level as seen here, what was found. The byte ranges are read from the
// file here, without a PDF library. Every signature must be valid and lead to a certificate in TRUST.pem; the last must
// cover the whole file. pkijs does not know the ESS attribute: whether the named certificate signed is asked by hand.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const crypto = require("node:crypto");
const asn1js = require("asn1js");
const pkijs = require("pkijs");

pkijs.setEngine("node", new pkijs.CryptoEngine({ name: "node", crypto: crypto.webcrypto }));

const ess_v2 = "1.2.840.113549.1.9.16.2.47";
const token_attribute = "1.2.840.113549.1.9.16.2.14";
const signing_time = "1.2.840.113549.1.9.5";
const tst_info = "1.2.840.113549.1.9.16.1.4";

const view = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);
function want(held, why) {
  if (!held) throw new Error(why);
}

function certificates(pem) {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((found) =>
    pkijs.Certificate.fromBER(view(Buffer.from(found[1], "base64"))));
}

// Every signature dictionary, in the order of what it covers.
function signatures(file) {
  const text = file.toString("latin1");
  const all = [];
  for (const found of text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)) {
    const [from, first, second, rest] = found.slice(1).map(Number);
    want(from === 0 && text[first] === "<" && text[second - 1] === ">", "a byte range around no hole");
    const hole = Buffer.from(text.slice(first + 1, second - 1), "hex");
    const dictionary = text.slice(text.lastIndexOf(" obj", found.index), text.indexOf("endobj", second));
    const kind = /\/SubFilter\s*\/ETSI\.RFC3161/.test(dictionary) ? "timestamp"
      : /\/SubFilter\s*\/ETSI\.CAdES\.detached/.test(dictionary) ? "seal" : "?";
    all.push({ kind, hole, end: second + rest, content: Buffer.concat([file.subarray(0, first), file.subarray(second, second + rest)]) });
  }
  return all.sort((a, b) => a.end - b.end);
}

function decode(hole) {
  const parsed = asn1js.fromBER(view(hole));
  want(parsed.offset > 0, "no CMS");
  want(hole.subarray(parsed.offset).every((byte) => byte === 0), "something behind the seal");
  return new pkijs.SignedData({ schema: new pkijs.ContentInfo({ schema: parsed.result }).content });
}

async function verify(signed, data, trusted) {
  const said = await signed.verify({
    signer: 0, data: data === undefined ? undefined : view(data), trustedCerts: trusted, checkChain: true, extendedMode: true,
  });
  want(said.signatureVerified === true, "signature does not hold");
  want(said.signerCertificateVerified === true, "not trusted");
  return said.signerCertificate;
}

async function check_token(signed, stamped, trusted) {
  want(signed.encapContentInfo.eContentType === tst_info, "no timestamp token");
  const content = signed.encapContentInfo.eContent;
  const bytes = Buffer.from(content.getValue ? content.getValue() : content.valueBlock.valueHexView);
  const info = pkijs.TSTInfo.fromBER(view(bytes));
  want(await info.verify({ data: view(stamped) }), "imprint of something else");
  await verify(signed, stamped, trusted);
}

function check_ess(signer, certificate) {
  const attributes = signer.signedAttrs.attributes;
  want(!attributes.some((one) => one.type === signing_time), "signing time");
  const ess = attributes.find((one) => one.type === ess_v2);
  want(ess, "no signing-certificate-v2");
  // SigningCertificateV2 > certs > ESSCertIDv2; SHA-256 is the default and then not written.
  const id = ess.values[0].valueBlock.value[0].valueBlock.value[0].valueBlock.value;
  const hash = id.find((one) => one instanceof asn1js.OctetString);
  const own = crypto.createHash("sha256").update(Buffer.from(certificate.toSchema().toBER())).digest();
  want(own.equals(Buffer.from(hash.valueBlock.valueHexView)), "another certificate than the signature names");
}

async function judge(file, trusted) {
  const all = signatures(file);
  want(all.length > 0, "no signature");
  const dss = /\/DSS\b/.test(file.toString("latin1"));
  let stamped = false;
  let archived = false;
  for (const [i, one] of all.entries()) {
    const signed = decode(one.hole);
    if (i === 0) {
      want(one.kind === "seal", "the first signature is no seal");
      want(signed.signerInfos.length === 1, "not one signer");
      const certificate = await verify(signed, one.content, trusted);
      check_ess(signed.signerInfos[0], certificate);
      const unsigned = signed.signerInfos[0].unsignedAttrs;
      const token = unsigned && unsigned.attributes.find((attribute) => attribute.type === token_attribute);
      if (token) {
        const inner = new pkijs.SignedData({ schema: new pkijs.ContentInfo({ schema: token.values[0] }).content });
        await check_token(inner, Buffer.from(signed.signerInfos[0].signature.valueBlock.valueHexView), trusted);
        stamped = true;
      }
      want(dss || one.end === file.length, "something was appended");
    } else {
      want(one.kind === "timestamp", "a second signature that is no timestamp");
      await check_token(signed, one.content, trusted);
      archived = one.end === file.length;
    }
  }
  if (archived) want(stamped && dss, "a document timestamp alone");
  return archived ? "B-LTA" : dss ? "B-LT" : stamped ? "B-T" : "B-B";
}

async function main(trust, names) {
  const trusted = certificates(fs.readFileSync(trust, "latin1"));
  let agreed = true;
  for (const name of names) {
    try {
      console.log([path.basename(name), "ok", await judge(fs.readFileSync(name), trusted), ""].join("\t"));
    } catch (problem) {
      agreed = false;
      console.log([path.basename(name), "NO", "?", String(problem.message || problem).replace(/\s+/g, " ")].join("\t"));
    }
  }
  process.exitCode = agreed ? 0 : 1;
}

main(process.argv[2], process.argv.slice(3));
