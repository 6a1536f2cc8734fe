// Writes to a file that are whole or fail. Node takes a short write for a whole one (SyncWriteStream of Node
// 20), and a disk that is nearly full gives just that: the rest would be lost, and nothing would say so.
import { fstatSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

/** From here on the stream, if it is a file, writes all of what it is given, or says why not. */
export function writeWhole(stream: WriteStream, fd: number): void {
  if (stream.isTTY || isPipe(fd)) return;
  // oxlint-disable-next-line no-underscore-dangle -- what Node calls the part of a stream that writes.
  stream._write = (bytes: Uint8Array, _encoding, done) => {
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(fd, bytes, written);
      }
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}

function isPipe(fd: number): boolean {
  const kind = fstatSync(fd);
  return kind.isFIFO() || kind.isSocket();
}
