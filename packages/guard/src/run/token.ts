import { timingSafeEqual } from 'node:crypto';

/** Compares tokens in a time that does not depend on their content. */
export function isSameToken(given: string, own: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(own)];
  return left.length === right.length && timingSafeEqual(left, right);
}
