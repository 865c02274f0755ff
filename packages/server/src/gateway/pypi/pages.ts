/* Serves pages of projects, and remembers their files separately for each reader. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Ticket } from '@tarwarden/host';
import type { Waiting } from '../answer-turns.ts';
import { GatewayAnswer } from '../answers.ts';
import { Flights } from '../flights.ts';
import { PackageIndex } from '../package-index.ts';
import type { PassedTexts } from '../texts.ts';
import type { GatewayUpstream } from '../upstream.ts';
import { ACCEPT, projectPage, type ProjectFile, type ProjectPage } from './project-page.ts';

/** The most bytes of a page. Those of the largest projects have some 20 million. */
const PAGE_BYTES_MAX = 64 * 1024 * 1024;

/** The client that asks, and its headers with credentials. */
export interface PageRequest extends Waiting {
  readonly headers: IncomingHttpHeaders;
}

export class Pages {
  readonly #upstream: GatewayUpstream;
  readonly #texts: PassedTexts;
  readonly #index = new PackageIndex<ProjectFile>();
  /** Pages that are being read for their files, by reader and project. */
  readonly #reading = new Flights<void>(() => undefined);

  constructor(upstream: GatewayUpstream, texts: PassedTexts) {
    this.#upstream = upstream;
    this.#texts = texts;
  }

  /**
   * Reads a page for a client, and returns the result of `make`.
   * @throws GatewayAnswer if the index has no page.
   */
  async use<Result>(
    project: string,
    asking: PageRequest,
    make: (page: ProjectPage) => Result,
  ): Promise<Result> {
    const { headers } = asking;
    const options = { ...asking, bytesMax: PAGE_BYTES_MAX, more: { accept: ACCEPT } };
    return this.#texts.use(this.#upstream.at(`/${project}/`), options, (text) => {
      const type = [text.headers['content-type']].flat()[0] ?? '';
      const page = projectPage(text.body, { project, type, url: text.url });
      // A deep copy, because a part of a text keeps the whole text in memory.
      const files = JSON.parse(JSON.stringify(page.files)) as readonly ProjectFile[];
      const byFile = new Map(files.map((file) => [file.fileName, file]));
      this.#index.set(this.#upstream.readerOf(headers), project, byFile);
      return make({ project, files });
    });
  }

  /** A file as the page describes it to this client. @throws GatewayAnswer if the page does not list it. */
  async file(
    { project, fileName }: { readonly project: string; readonly fileName: string },
    { headers, gone, client }: PageRequest,
  ): Promise<ProjectFile> {
    const reader = this.#upstream.readerOf(headers);
    const known = this.#index.find(reader, project, fileName);
    if (known !== undefined) return known;
    const key = `${project} ${reader}`;
    const read = async ({ signal }: AbortController, ticket: Ticket): Promise<void> =>
      this.use(project, { headers, gone: signal, client, ticket }, () => undefined);
    const { release } = await this.#reading.join(key, read, { gone, client });
    release();
    const found = this.#index.find(reader, project, fileName);
    if (found === undefined)
      throw new GatewayAnswer(404, 'the index has no such file of this project');
    return found;
  }

  /** Forgets a page that may be outdated. */
  forget(project: string, headers: IncomingHttpHeaders): void {
    this.#index.delete(this.#upstream.readerOf(headers), project);
  }
}
