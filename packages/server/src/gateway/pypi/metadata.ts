/* Serves the separate metadata of a wheel (PEP 658), by which clients choose dependencies. */
import { createHash } from 'node:crypto';
import { isSamePypiVersion, pypiNameKey, readCoreMetadata } from '@tarwarden/core/metadata';
import { printable, redactUrl } from '@tarwarden/core/text';
import { GatewayAnswer, GatewayRefusal } from '../answers.ts';
import { noArchive } from '../texts.ts';
import type { ProjectFile } from './project-page.ts';

/** The most bytes of metadata. */
export const METADATA_BYTES_MAX: number = 16 * 1024 * 1024;

/** The most characters of a requirement that are shown. */
const REQUIREMENT_CHARS = 120;

/** The metadata's address at the index. */
export function metadataAddress({ url }: Pick<ProjectFile, 'url'>): string {
  const at = new URL(url);
  at.pathname += '.metadata';
  return at.href;
}

/**
 * The same bytes, if they have the page's digest and the version of the file name.
 * @throws GatewayAnswer otherwise.
 */
export function checkedMetadata(body: Buffer, project: string, file: ProjectFile): Buffer {
  const { metadata, fileName } = file;
  const sha256 = typeof metadata === 'object' ? metadata['sha256'] : undefined;
  if (sha256 !== undefined && createHash('sha256').update(body).digest('hex') !== sha256)
    throw new GatewayAnswer(502, `the metadata of ${fileName} is not what the index promises`);
  const { name = '', version = '', elsewhere, wrong } = readCoreMetadata(body);
  if (wrong.length > 0)
    throw new GatewayRefusal(`tarwarden: the metadata of ${fileName}: ${wrong[0]}`);
  if (pypiNameKey(name) !== project || !isSamePypiVersion(version, file.version))
    throw new GatewayRefusal(
      `tarwarden: the metadata of ${fileName} is of another package or version`,
    );
  // pip itself refuses this for files of pypi.org, which it recognises by an address that the gateway replaces.
  if (elsewhere !== undefined)
    throw new GatewayRefusal(
      `tarwarden: ${fileName} requires what is fetched past this gateway: ${printable(redactUrl(elsewhere), REQUIREMENT_CHARS)}`,
    );
  return noArchive(body);
}
