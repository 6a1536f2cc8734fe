// Events as the lines of a log file, and back: CloudEvents 1.0, one a line.
import type { BaseDomainEvent, EventMetadata } from '../../src/events/event-types.ts';

export function logLine(event: BaseDomainEvent): string {
  const { id, type, aggregateId, version, position, timestamp, data, metadata } = event;
  const { schema = 1, correlationId, causationId, key } = metadata;
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: 'orderlab',
    type,
    subject: aggregateId,
    time: timestamp,
    datacontenttype: 'application/json',
    dataschema: `urn:orderlab:${type}:${schema}`,
    data,
    position,
    streamversion: version,
    correlationid: correlationId,
    causationid: causationId,
    ...(key !== undefined && { key }),
  });
}

export function eventOf(line: string): BaseDomainEvent {
  const fields = JSON.parse(line) as Readonly<Record<string, unknown>> & {
    readonly dataschema: string;
    readonly correlationid: string;
    readonly causationid: string;
    readonly key?: string;
  };
  const schema = Number(fields.dataschema.split(':').at(-1));
  const metadata: EventMetadata = {
    correlationId: fields.correlationid,
    causationId: fields.causationid,
    ...(fields.key !== undefined && { key: fields.key }),
    ...(schema !== 1 && { schema }),
  };
  const { position, id, type, subject, streamversion, time, data } = fields;
  return {
    position,
    id,
    type,
    aggregateId: subject,
    version: streamversion,
    timestamp: time,
    metadata,
    data,
  } as BaseDomainEvent;
}
