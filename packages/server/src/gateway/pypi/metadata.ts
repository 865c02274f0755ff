/* The metadata of a wheel by itself (PEP 658), by which clients choose what else to install. */
import { createHash } from 'node:crypto';
import { isSamePypiVersion, pypiNameKey, readCoreMetadata } from '@tarwarden/core/metadata';
import { printable, redactUrl } from '@tarwarden/core/text';
import { GatewayAnswer, GatewayRefusal } from '../answers.ts';
import { noArchive } from '../texts.ts';
import type { ProjectFile } from './project-page.ts';

/** Bytes of it. */
export const METADATA_BYTES_MAX: number = 16 * 1024 * 1024;

/** Characters of a requirement that are shown. */
const REQUIREMENT_CHARS = 120;

/** Where an index has it. */
export function metadataAddress({ url }: Pick<ProjectFile, 'url'>): string {
  const at = new URL(url);
  at.pathname += '.metadata';
  return at.href;
}

/**
 * The same bytes, if they are what the page promises, and of the version that the file is named after.
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
  // pip refuses it itself for files of pypi.org, which it knows by an address that the gateway has taken from it.
  if (elsewhere !== undefined)
    throw new GatewayRefusal(
      `tarwarden: ${fileName} requires what is fetched past this gateway: ${printable(redactUrl(elsewhere), REQUIREMENT_CHARS)}`,
    );
  return noArchive(body);
}
