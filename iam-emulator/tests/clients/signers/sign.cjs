// Signs cases with @smithy/signature-v4, aws4, aws4fetch and minio.
//
// Reads one case of `cases.py` per line on standard input and answers, in the
// same order, with one line per signer that the case names among these:
// {"id", "signer", "req": {"method", "target", "headers", "body_hex"}}, the
// request as it would go on the wire, or {"id", "signer", "error"}.
// NODE_PATH names the installed packages.
"use strict";

const readline = require("node:readline");
const { Sha256 } = require("@aws-crypto/sha256-js");
const { HttpRequest } = require("@smithy/protocol-http");
const { SignatureV4 } = require("@smithy/signature-v4");
const aws4 = require("aws4");
const { AwsV4Signer } = require("aws4fetch");
const minio = require("minio");
const minioSigning = require("minio/dist/main/signing.js");

const SIGNERS = { smithy: signWithSmithy, aws4: signWithAws4, aws4fetch: signWithAws4fetch, minio: signWithMinio };

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const signingCase = JSON.parse(line);
    for (const [signer, sign] of Object.entries(SIGNERS)) {
      if (![...signingCase.signers, ...signingCase.refused].includes(signer)) continue;
      let answer;
      try {
        answer = { req: { ...(await sign(signingCase)), body_hex: signingCase.req.body_hex } };
      } catch (error) {
        answer = { error: String(error) };
      }
      console.log(JSON.stringify({ id: signingCase.id, signer, ...answer }));
    }
  }
}

async function signWithSmithy({ form, ctx, req }) {
  const { path, query } = splitTarget(req.target);
  const headers = Object.fromEntries(req.headers);
  // A given header is taken for the payload line; presigning moves it to the query.
  if (ctx.payload !== "sha256") headers["X-Amz-Content-Sha256"] = ctx.payload;
  const signer = new SignatureV4({
    credentials: credentialsOf(ctx),
    region: ctx.region,
    service: ctx.service,
    sha256: Sha256,
    uriEscapePath: ctx.double_encode,
    applyChecksum: ctx.sign_body,
  });
  const request = new HttpRequest({ method: req.method, path, query, headers, body: Buffer.from(req.body_hex, "hex") });
  const signingDate = new Date(ctx.epoch * 1000);
  const signed =
    form === "query"
      ? await signer.presign(request, { signingDate, expiresIn: ctx.expires })
      : await signer.sign(request, { signingDate });
  return {
    method: signed.method,
    target: form === "query" ? `${signed.path}?${writtenQuery(signed.query)}` : req.target,
    headers: Object.entries(signed.headers),
  };
}

async function signWithAws4({ form, ctx, req }) {
  const headers = Object.fromEntries(req.headers);
  let path = req.target;
  if (form === "query") {
    path += `${path.includes("?") ? "&" : "?"}X-Amz-Date=${ctx.timestamp}&X-Amz-Expires=${ctx.expires}`;
  } else {
    headers["X-Amz-Date"] = ctx.timestamp;
    if (ctx.payload !== "sha256") {
      headers["X-Amz-Content-Sha256"] = ctx.payload;
    } else if (ctx.sign_body) {
      headers["X-Amz-Content-Sha256"] = await sha256Hex(req.body_hex);
    }
  }
  const request = {
    method: req.method,
    path,
    headers,
    region: ctx.region,
    service: ctx.service,
    signQuery: form === "query",
    body: req.body_hex ? Buffer.from(req.body_hex, "hex") : undefined,
  };
  const signed = aws4.sign(request, credentialsOf(ctx));
  return {
    method: signed.method,
    target: signed.path,
    headers: Object.entries(signed.headers).map(([name, value]) => [name, String(value)]),
  };
}

async function signWithAws4fetch({ form, ctx, req }) {
  const { Host: host, ...headers } = Object.fromEntries(req.headers);
  const url = new URL(`https://${host}${req.target}`);
  if (form === "query") {
    url.searchParams.set("X-Amz-Expires", ctx.expires);
  } else if (ctx.sign_body || ctx.payload !== "sha256") {
    headers["X-Amz-Content-Sha256"] = await payloadLine(ctx, req);
  }
  const signer = new AwsV4Signer({
    ...credentialsOf(ctx),
    method: req.method,
    url,
    headers,
    service: ctx.service,
    region: ctx.region,
    datetime: ctx.timestamp,
    signQuery: form === "query",
  });
  const signed = await signer.sign();
  return {
    method: signed.method,
    target: signed.url.pathname + signed.url.search,
    headers: [["host", signed.url.host], ...signed.headers],
  };
}

/** The client is given bucket and key, which it encodes itself; its own signer signs what it would send. */
async function signWithMinio({ form, ctx, req }) {
  const host = new URL(`https://${Object.fromEntries(req.headers).Host}`);
  const client = new minio.Client({
    endPoint: host.hostname,
    port: host.port ? Number(host.port) : 443,
    accessKey: ctx.access_key_id,
    secretKey: ctx.secret_access_key,
    sessionToken: ctx.session_token ?? undefined,
    region: ctx.region,
    pathStyle: true,
  });
  const [, bucketName, ...segments] = req.target.split("/");
  const objectName = decodeURIComponent(segments.join("/"));
  const date = new Date(ctx.epoch * 1000);
  if (form === "query") {
    const url = await client.presignedUrl(req.method, bucketName, objectName, ctx.expires, {}, date);
    const target = url.slice(`https://${host.host}`.length);
    return { method: req.method, target, headers: [["host", host.host]] };
  }
  // What the client does before it sends a request, but for the time that it takes from the clock.
  const options = client.getRequestOptions({ method: req.method, bucketName, objectName, region: ctx.region });
  const payload = await payloadLine(ctx, req);
  options.headers["x-amz-date"] = ctx.timestamp;
  options.headers["x-amz-content-sha256"] = payload;
  if (ctx.session_token) options.headers["x-amz-security-token"] = ctx.session_token;
  const { access_key_id: id, secret_access_key: secret, region } = ctx;
  options.headers.authorization = minioSigning.signV4(options, id, secret, region, date, payload);
  return { method: options.method, target: options.path, headers: Object.entries(options.headers) };
}

async function payloadLine(ctx, req) {
  return ctx.payload === "sha256" ? sha256Hex(req.body_hex) : ctx.payload;
}

function credentialsOf(ctx) {
  return {
    accessKeyId: ctx.access_key_id,
    secretAccessKey: ctx.secret_access_key,
    sessionToken: ctx.session_token ?? undefined,
  };
}

/** The path as it stands and the query decoded into smithy's bag, where a repeated name holds a list. */
function splitTarget(target) {
  const mark = target.indexOf("?");
  if (mark < 0) return { path: target, query: {} };
  const query = {};
  for (const piece of target.slice(mark + 1).split("&").filter(Boolean)) {
    const equals = piece.indexOf("=");
    const name = decodeURIComponent(equals < 0 ? piece : piece.slice(0, equals));
    const value = equals < 0 ? "" : decodeURIComponent(piece.slice(equals + 1));
    query[name] = name in query ? [query[name], value].flat() : value;
  }
  return { path: target.slice(0, mark), query };
}

function writtenQuery(query) {
  return Object.entries(query)
    .flatMap(([name, values]) => [values].flat().map((value) => `${encoded(name)}=${encoded(value)}`))
    .join("&");
}

function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function sha256Hex(bodyHex) {
  const hash = new Sha256();
  hash.update(Buffer.from(bodyHex, "hex"));
  return Buffer.from(await hash.digest()).toString("hex");
}

main();
