/** A certificate authority of the test's own, made by `openssl` and valid for two days. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** PEM text of each. */
  ca: string;
  key: string;
  cert: string;
  clientKey: string;
  clientCert: string;
  /** Files of the same. */
  files: { ca: string; key: string; cert: string; clientKey: string; clientCert: string };
}

/** Makes an authority, a server certificate for 127.0.0.1, localhost and `more`, and a client certificate, in `dir`. */
export function makeCertificates(dir: string, more: readonly string[] = []): Certificates {
  mkdirSync(dir, { recursive: true });
  const file = (name: string): string => join(dir, name);
  const config = file('openssl.cnf');
  writeFileSync(config, '[req]\ndistinguished_name = dn\n[dn]\n');
  const make = (name: string, subject: string, ...options: string[]): void => {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-noenc',
      '-keyout',
      file(`${name}.key`),
    ];
    const args = [
      'req',
      '-x509',
      '-config',
      config,
      ...key,
      '-out',
      file(`${name}.pem`),
      '-days',
      '2',
      '-subj',
      `/CN=${subject}`,
    ];
    execFileSync('openssl', [...args, ...options], { stdio: 'pipe' });
  };
  const signed = [
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  make(
    'ca',
    'tarwarden test authority',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign',
  );
  const names = ['IP:127.0.0.1', 'DNS:localhost', ...more.map((name) => `DNS:${name}`)].join(',');
  make('server', 'localhost', ...signed, '-addext', `subjectAltName=${names}`);
  make('client', 'tarwarden test client', ...signed, '-addext', 'extendedKeyUsage=clientAuth');
  const files = {
    ca: file('ca.pem'),
    key: file('server.key'),
    cert: file('server.pem'),
    clientKey: file('client.key'),
    clientCert: file('client.pem'),
  };
  const text = (path: string): string => readFileSync(path, 'utf8');
  return {
    ca: text(files.ca),
    key: text(files.key),
    cert: text(files.cert),
    clientKey: text(files.clientKey),
    clientCert: text(files.clientCert),
    files,
  };
}
