/* Serves pip and uv: an index of Python packages (PEP 503, 691, 658). */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { metadataFileClaim } from '@tarwarden/core/metadata';
import { MAX_WHEEL_FILE_BYTES } from '@tarwarden/core/limits';
import { GatewayAnswer, GatewayRefusal } from '../answers.ts';
import { isReading, type Face, type FaceParts } from '../face.ts';
import { notArchive } from '../json.ts';
import { Patience } from '../patience.ts';
import { waitingClient } from '../gone.ts';
import { sendArchive, type OfferedArchive } from '../tarball.ts';
import { noArchive, sendDocument, PassedTexts } from '../texts.ts';
import { PYPI_TRIALS, type GatewayTrial } from '../trials.ts';
import { distributionFormat } from './file-names.ts';
import type { WordsBesideWheel } from '../wanted.ts';
import { checkedMetadata, METADATA_BYTES_MAX, metadataAddress } from './metadata.ts';
import { Pages, type PageRequest } from './pages.ts';
import type { ProjectFile } from './project-page.ts';
import { pypiAskedBy, type PypiRequest } from './requests.ts';
import { answeredType, writtenPage } from './write-page.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';
/** Milliseconds. pip gives up a request after 15 seconds without a byte, and retries five times. */
const PATIENCE = 60_000;

interface AskedFile {
  readonly project: string;
  readonly fileName: string;
}

export class PypiFace implements Face {
  readonly errors = 'text';
  readonly trials: readonly GatewayTrial[] = PYPI_TRIALS;
  readonly #parts: FaceParts;
  readonly #texts: PassedTexts;
  readonly #pages: Pages;
  readonly #patience = new Patience(PATIENCE);

  constructor(parts: FaceParts) {
    this.#parts = parts;
    this.#texts = new PassedTexts(parts);
    parts.open.metrics.waits.add('document', this.#texts);
    this.#pages = new Pages(parts, this.#texts);
  }

  loggable(target: string): PypiRequest {
    return pypiAskedBy(target);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isReading(request))
      throw new GatewayAnswer(404, 'uploads do not pass this gateway: use the index behind it');
    const asked = pypiAskedBy(request.url ?? '/');
    switch (asked.kind) {
      case 'page':
        return this.#page(asked.project, request, response);
      case 'file':
        return this.#file(asked, request, response);
      case 'metadata':
        return this.#metadata(asked, request, response);
      case 'projects':
        throw new GatewayAnswer(404, 'the list of all projects is not passed on');
      case 'nothing':
        throw new GatewayAnswer(404, 'there is nothing here that a gateway passes on');
    }
  }

  async #page(project: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers } = request;
    const type = answeredType(headers.accept);
    const { sending, publicUrlFor } = this.#parts;
    const publicUrl = publicUrlFor(request);
    const { body, staleness } = await this.#pages.use(
      project,
      askingOf(request, response),
      (page, stale) => {
        const written = noArchive(notArchive(writtenPage(page, publicUrl, type)));
        return { body: written, staleness: stale };
      },
    );
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    if (headers['if-none-match'] === etag) {
      response.writeHead(304, { etag, 'cache-control': 'private, no-cache' }).end();
      return;
    }
    const own = { etag, ...staleness };
    await sendDocument(request, response, { body, type, sending, headers: own });
  }

  async #file(asked: AskedFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { project } = asked;
    const { headers } = request;
    const file = await this.#pages.file(asked, askingOf(request, response));
    const words = this.#words(file, asked, askingOf(request, response));
    const offered = { ...offeredOf(project, file), words, patience: this.#patience };
    try {
      await sendArchive(request, response, { ...this.#parts, offered });
    } catch (error) {
      // The page may be outdated. Forget it: the next request reads it again.
      if (!(error instanceof GatewayRefusal) && !response.destroyed)
        this.#pages.forget(project, headers);
      throw error;
    }
  }

  async #metadata(
    asked: AskedFile,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const asking = askingOf(request, response);
    const file = await this.#pages.file(asked, asking);
    if (file.metadata === undefined)
      throw new GatewayAnswer(404, 'the index has no metadata of this file by itself');
    const body = await this.#metadataFile(file, asked, asking);
    const { sending } = this.#parts;
    await sendDocument(request, response, { body, type: TEXT_TYPE, sending });
  }

  #metadataFile(file: ProjectFile, { project }: AskedFile, asking: PageRequest): Promise<Buffer> {
    const options = { ...asking, bytesMax: METADATA_BYTES_MAX };
    return this.#texts.use(metadataAddress(file), options, (text) =>
      checkedMetadata(text.body, project, file),
    );
  }

  /** The metadata file of a wheel, by which clients have chosen it. */
  #words(file: ProjectFile, asked: AskedFile, asking: PageRequest): WordsBesideWheel | undefined {
    const { metadata } = file;
    if (metadata === undefined) return undefined;
    return {
      document: metadata === true ? undefined : metadata['sha256'],
      claims: async () => {
        try {
          const body = await this.#metadataFile(file, asked, asking);
          return [metadataFileClaim(body, 'the metadata file of the index')];
        } catch (error) {
          // The index does not have the file, so there is nothing to compare.
          if (error instanceof GatewayAnswer && error.status === 404) return [];
          throw error;
        }
      },
    };
  }
}

function askingOf(request: IncomingMessage, response: ServerResponse): PageRequest {
  return { headers: request.headers, ...waitingClient(request, response) };
}

function offeredOf(name: string, { fileName, version, hashes, url }: ProjectFile): OfferedArchive {
  const format = distributionFormat(fileName);
  return {
    identity: { format, name, version, fileName },
    promised: { sha256: hashes['sha256'], sha512: hashes['sha512'] },
    address: url,
    // pip's fast-deps needs the length.
    measured: true,
    ...(format === 'wheel' && { bytesMax: MAX_WHEEL_FILE_BYTES }),
  };
}
