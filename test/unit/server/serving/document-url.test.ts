/** Addresses of services: https, or http of this machine. */
import { expect, it } from 'vitest';
import { isDocumentUrl } from '../../../../packages/server/src/serving/document-url.ts';

it.each([
  ['https://api.osv.dev', true],
  ['http://127.0.0.1:8080/osv', true],
  ['http://localhost', true],
  ['http://[::1]:1', true],
  ['http://api.osv.dev', false],
  ['http://127.0.0.1.example.com', false],
  ['http://localhost.example.com', false],
  ['https://user:secret@example.com', false],
  ['file:///etc/passwd', false],
  ['//example.com', false],
  ['', false],
])('%s is taken: %s', (url, taken) => {
  expect(isDocumentUrl(url)).toBe(taken);
});
