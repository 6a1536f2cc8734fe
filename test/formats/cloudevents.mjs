// Reads a log file line by line with the cloudevents package of the folder that it is run in, which throws for
// what is no event of CloudEvents 1.0.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

const { CloudEvent, HTTP, ValidationError } = createRequire(join(process.cwd(), 'package.json'))(
  'cloudevents',
);

const lines = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
const types = new Set();
for (const line of lines) {
  const fields = JSON.parse(line);
  const event = new CloudEvent(fields, true);
  event.validate();
  // As it comes over HTTP, in structured mode.
  const received = HTTP.toEvent({ headers: { 'content-type': 'application/cloudevents+json' }, body: line });
  for (const read of [event, received])
    for (const [name, value] of Object.entries(fields)) {
      if (JSON.stringify(read[name]) !== JSON.stringify(value))
        throw new Error(`${name} is read as ${JSON.stringify(read[name])}: ${line}`);
    }
  types.add(event.type);
}
// It would have said so.
let refusal;
try {
  refusal = new CloudEvent({ ...JSON.parse(lines[0]), Not_Allowed: 1 }, true);
} catch (error) {
  refusal = error;
}
if (!(refusal instanceof ValidationError)) throw new Error('anything is a CloudEvent here');
if (types.size < 14) throw new Error(`only ${types.size} types of event: ${[...types].join(', ')}`);
process.stdout.write(`${lines.length} events of ${types.size} types are CloudEvents\n`);
