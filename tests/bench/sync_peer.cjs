// The other sync: PouchDB -> express-pouchdb, both on LevelDB, as their own documentation shows them.
//   node sync_peer.cjs prepare DIR COUNT SIZE     documents with an attachment each
//   node sync_peer.cjs serve DIR                  prints its port
//   node sync_peer.cjs send DIR URL               prints milliseconds and how many were written
const fs = require('fs'), crypto = require('crypto');
const PouchDB = require('pouchdb');
const [what, dir, third, fourth] = process.argv.slice(2);

async function prepare(count, size) {
  fs.mkdirSync(dir, { recursive: true });
  const db = new PouchDB(dir + '/tablet');
  for (let i = 0; i < count; i++)
    await db.put({
      _id: String(i).padStart(8, '0'),
      record: crypto.randomBytes(850).toString('hex'),
      _attachments: { certificate: { content_type: 'application/pdf', data: crypto.randomBytes(size) } },
    });
  await db.close();
}

function serve() {
  fs.mkdirSync(dir, { recursive: true });
  const app = require('express')();
  const Kept = PouchDB.defaults({ prefix: dir + '/' });
  app.use('/', require('express-pouchdb')(Kept, { configPath: dir + '/config.json', logPath: dir + '/log.txt' }));
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

async function send(url) {
  const db = new PouchDB(dir + '/tablet');
  const began = process.hrtime.bigint();
  const done = await db.replicate.to(url);
  console.log(Number((process.hrtime.bigint() - began) / 1000000n), done.docs_written);
  await db.close();
}

({ prepare: () => prepare(Number(third), Number(fourth)), serve, send: () => send(third) })[what]();
