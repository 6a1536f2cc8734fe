// The two inputs that the piped-script figure compares: as many orderlab lines as inserts of an event-shaped
// row for the sqlite3 shell, each of which prints a line, as each command does.

const ORDERS = 20_000;

/** 100,000 lines: place, add-item, pay, ship, and one that must be refused. */
export function commands(orders = ORDERS): string {
  let text = '';
  for (let n = 1; n <= orders; n++) {
    const id = `order-${n}`;
    text += `place alice keyboard:1@49.99 cable:2@7.50\nadd-item ${id} mouse@19.90\npay ${id}\nship ${id}\n!add-item ${id} mouse@1\n`;
  }
  return text;
}

/** The same number of inserts, returning what they wrote. */
export function inserts(orders = ORDERS): string {
  let text =
    'create table event(position integer primary key, stream text, version int, type text, data text, unique(stream, version));\n';
  for (let n = 1; n <= orders; n++) {
    for (let version = 1; version <= 5; version++) {
      text += `insert into event(stream,version,type,data) values('order-${n}',${version},'ItemAdded','{"sku":"mouse","quantity":1,"unitPrice":1990}') returning position,stream,version,type;\n`;
    }
  }
  return text;
}
