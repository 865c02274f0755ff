/* Every caller that leaves the body of an answer unread does it through this file. */

/** The part that Node's streams and npm's have in common. */
interface Body {
  on(event: 'error', listener: () => void): unknown;
  destroy(): unknown;
}

/** Nothing reads this body any more, so its errors are ignored: an error without a listener would end the process. */
export function dropBody(body: Body): void {
  ignoreErrors(body);
  body.destroy();
}

/** A body may fail when nothing listens for its errors, and that would end the process. Readers still get the error. */
export function ignoreErrors(body: Pick<Body, 'on'>): void {
  body.on('error', () => undefined);
}
