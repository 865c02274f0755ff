/* The certificate authorities of the system. go, pip and bun trust them; Node has its own list. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of Linux and BSD, in go's order (crypto/x509/root_linux.go, root_bsd.go). */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The most files of SSL_CERT_DIR that are read. */
const MAX_FILES = 2000;

/** PEM texts; undefined if there are none. */
export function systemAuthorities(env: NodeJS.ProcessEnv): string[] | undefined {
  const { SSL_CERT_FILE: file = '', SSL_CERT_DIR: folders = '' } = env;
  const bundle = (file === '' ? BUNDLES : [file]).map(readPem).find((text) => text !== '') ?? '';
  const single = folders.split(':').flatMap((folder) => (folder === '' ? [] : filesIn(folder)));
  const texts = [bundle, ...single.map(readPem)].filter((text) => text !== '');
  return texts.length === 0 ? undefined : texts;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .slice(0, MAX_FILES)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
