// The floor that command handling is compared with: a full event object pushed to its stream and to the log,
// no rules, no checks.

/** Makes `count` events, and returns the log, so that nothing is optimised away. */
export function bareLoop(count: number, perStream = 5): readonly unknown[] {
  const streams = new Map<string, unknown[]>();
  const log: unknown[] = [];
  const timestamp = new Date().toISOString();
  for (let i = 0; i < count; i++) {
    const aggregateId = `order-${Math.floor(i / perStream) + 1}`;
    let stream = streams.get(aggregateId);
    if (!stream) streams.set(aggregateId, (stream = []));
    const id = `cmd-${i}`;
    const event = {
      position: log.length + 1,
      type: 'ItemAdded',
      aggregateId,
      version: stream.length + 1,
      timestamp,
      metadata: { correlationId: id, causationId: id },
      data: { item: { sku: 'mouse', quantity: 1, unitPrice: 1990 } },
    };
    stream.push(event);
    log.push(event);
  }
  return log;
}
