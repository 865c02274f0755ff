import { timingSafeEqual } from 'node:crypto';

/** Compares tokens in a time that does not depend on their content. */
export function isSameToken(token: string, expected: string): boolean {
  const [left, right] = [Buffer.from(token), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
