/* The one way to leave an answer unread. */
import type { Readable } from 'node:stream';

/** Nothing reads this body any more, so its errors are ignored: an error without a listener would end the process. */
export function dropBody(body: Readable): void {
  ignoreErrors(body).destroy();
}

/**
 * A body may fail between the moment it arrives and the moment something reads it, or after the last read. Whoever reads it still gets the
 * error; without any listener the same error would end the process.
 */
export function ignoreErrors<Body extends Readable>(body: Body): Body {
  return body.on('error', () => undefined);
}
