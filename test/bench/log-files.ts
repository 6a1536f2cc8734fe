// Exporting and importing a log of 200,000 events, each against a loop that does the least that it takes: writes
// the same events as JSON, a line each; or reads the same lines and parses them.
import { closeSync, createReadStream, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeLine } from '../../src/events/log-file.ts';
import { execute } from '../../src/shell/execute.ts';
import type { Session } from '../../src/shell/session.ts';
import { openKeptShop, openShop } from '../shell/shop.ts';
import { median, millisecondsOf, print } from './print.ts';

const EVENTS = 200_000;

const ROUNDS = 6;

export async function logFiles(dir: string): Promise<void> {
  process.stdout.write('a log file of 200,000 events, medians of 5 rounds\n');
  const file = join(dir, 'log.jsonl');
  await exporting(dir, file);
  await importing(dir, file);
}

async function exporting(dir: string, file: string): Promise<void> {
  const shop = await fullShop();
  await run(shop, `export ${file}`);
  const events = (await shop.service.stored.getAllEvents()).map((event) => JSON.parse(writeLine(event)));
  const ratios: number[] = [];
  let written = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const exported = await millisecondsOf(() => run(shop, `export ${file} --force`));
    written = await millisecondsOf(async () => writeAll(join(dir, 'bare.jsonl'), events));
    if (round > 0) ratios.push(exported / written);
  }
  print('export / stringify and write', median(ratios), `against ${written.toFixed(0)} ms`, 3);
}

// Apart from the other, whose log would have to be gone through each time that memory is cleared.
async function importing(dir: string, file: string): Promise<void> {
  const ratios: number[] = [];
  const kept: number[] = [];
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const imported = await millisecondsOf(async () => run(await openShop(), `import ${file}`));
    read = await millisecondsOf(() => readAll(file));
    const toFile = await millisecondsOf(async () => importToFile(join(dir, 'log.db'), file));
    if (round === 0) continue;
    ratios.push(imported / read);
    kept.push(toFile / read);
  }
  print('import / read and parse', median(ratios), `against ${read.toFixed(0)} ms`, 4);
  print('import into a file / read and parse', median(kept), '');
}

/** Orders of four events each. */
async function fullShop(): Promise<Session> {
  const shop = await openShop();
  const { service } = shop;
  const items = [{ sku: 'keyboard', quantity: 1, unitPrice: 4999 }];
  for (let n = 0; n < EVENTS / 4; n++) {
    const { orderId } = await service.handle({ type: 'PlaceOrder', customerId: `c-${n % 1000}`, items });
    await service.handle({ type: 'AddItem', orderId, items });
    await service.handle({ type: 'ProcessPayment', orderId });
    await service.handle({ type: 'ShipOrder', orderId });
  }
  return shop;
}

async function run(shop: Session, line: string): Promise<void> {
  const result = await execute(line, shop);
  if (!result || result === 'incomplete' || result.error) throw new Error(JSON.stringify(result));
}

async function importToFile(database: string, file: string): Promise<void> {
  for (const beside of ['', '-wal', '-shm']) rmSync(`${database}${beside}`, { force: true });
  const shop = await openKeptShop(database);
  await run(shop, `import ${file}`);
  await shop.close();
}

function writeAll(file: string, events: readonly unknown[]): void {
  const handle = openSync(file, 'w');
  let text = '';
  for (const event of events) {
    text += `${JSON.stringify(event)}\n`;
    if (text.length < 64 * 1024) continue;
    writeSync(handle, text);
    text = '';
  }
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
}

async function readAll(file: string): Promise<void> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if ((JSON.parse(line) as { specversion: string }).specversion === '1.0') count++;
  }
  if (count !== EVENTS) throw new Error(`${count} events`);
}
