// bun loads this file as the security scanner of a run of `tarwarden bun`. It asks the guard in that run, over a socket that only this
// user can reach, and then the scanner that the user or the project has configured, if there is one.
import { connect } from 'node:net';
import process from 'node:process';

/**
 * @typedef {{ name: string, version: string, requestedRange: string, tarball: string }} Package
 * @typedef {{ level: 'fatal' | 'warn', package: string, url: string | null, description: string }} Advisory
 */

/** The most bytes of an answer of the guard. */
const ANSWER_MAX = 64 * 1024 * 1024;

/**
 * @param {readonly Package[]} packages
 * @returns {Promise<Advisory[]>}
 */
function ask(packages) {
  const socket = process.env['TARWARDEN_BUN_SOCKET'];
  const token = process.env['TARWARDEN_BUN_TOKEN'];
  if (!socket || !token)
    throw new Error('tarwarden: this scanner works in a run of "tarwarden bun" alone');
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const pieces = [];
    let length = 0;
    const connection = connect(socket);
    connection.on('connect', () => {
      // The platform of this bun, which can differ from that of the guard's Node.
      const platform = { os: process.platform, cpu: process.arch };
      connection.write(`${JSON.stringify({ token, cwd: process.cwd(), platform, packages })}\n`);
    });
    connection.on('data', (piece) => {
      pieces.push(Buffer.from(piece));
      length += piece.length;
      if (length > ANSWER_MAX) connection.destroy(new Error('tarwarden: its answer is too long'));
    });
    connection.on('error', reject);
    connection.on('close', () => {
      try {
        const { advisories } = JSON.parse(Buffer.concat(pieces).toString('utf8'));
        if (!Array.isArray(advisories)) throw new Error('no list');
        resolve(advisories);
      } catch (cause) {
        reject(new Error('tarwarden: the guard has not answered', { cause }));
      }
    });
  });
}

/**
 * Asks the scanner that is configured beside this one.
 * @param {readonly Package[]} packages
 * @returns {Promise<Advisory[]>}
 */
async function askOther(packages) {
  const otherScanner = process.env['TARWARDEN_BUN_OTHER_SCANNER'];
  if (!otherScanner) return [];
  const { scanner } = await import(Bun.resolveSync(otherScanner, process.cwd()));
  if (scanner?.version !== '1' || typeof scanner.scan !== 'function')
    throw new Error(`tarwarden: ${otherScanner} is not a security scanner of version 1`);
  return scanner.scan({ packages });
}

export const scanner = {
  version: '1',
  /** @param {{ packages: Package[] }} question */
  async scan({ packages }) {
    const advisories = await ask(packages);
    return advisories.length > 0 ? advisories : askOther(packages);
  },
};
