/* Serves pages of projects, and remembers their files separately for each reader. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Ticket } from '../../serving/turns.ts';
import type { Waiting } from '../answer-turns.ts';
import { GatewayAnswer, UnreachableRegistry } from '../answers.ts';
import { Flights } from '../flights.ts';
import { PackageIndex } from '../package-index.ts';
import type { DocumentReader } from '../cache/document-reader.ts';
import type { FaceParts } from '../face.ts';
import type { PassedText, PassedTexts } from '../texts.ts';
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
  readonly #reading = new Flights<boolean>(() => undefined);

  readonly #reader: DocumentReader;

  constructor({ upstream, reader }: FaceParts, texts: PassedTexts) {
    this.#upstream = upstream;
    this.#reader = reader;
    this.#texts = texts;
  }

  /**
   * Reads a page for a client, and returns the result of `make`.
   * @throws GatewayAnswer if the index has no page.
   */
  async use<Result>(
    project: string,
    asking: PageRequest,
    make: (page: ProjectPage, staleness: PassedText['staleness']) => Result,
  ): Promise<Result> {
    return this.#read(project, asking, (text) => {
      const page = this.#indexed(project, asking, text);
      return make(page, text.staleness);
    });
  }

  async #read<Result>(
    project: string,
    asking: PageRequest & { readonly isReload?: boolean },
    make: (text: PassedText) => Result,
  ): Promise<Result> {
    const more = { accept: ACCEPT };
    const options = { ...asking, bytesMax: PAGE_BYTES_MAX, more, about: project };
    return this.#texts.use(this.#upstream.at(`/${project}/`), options, make);
  }

  /** Parses a page, and remembers its files for the reader. */
  #indexed(project: string, { headers }: PageRequest, text: PassedText): ProjectPage {
    const type = [text.headers['content-type']].flat()[0] ?? '';
    const page = projectPage(text.body, { project, type, url: text.url });
    // A deep copy, because a part of a text keeps the whole text in memory.
    const files = JSON.parse(JSON.stringify(page.files)) as readonly ProjectFile[];
    const byFile = new Map(files.map((file) => [file.fileName, file]));
    this.#index.set(this.#upstream.readerOf(headers), project, byFile, text);
    return { project, files };
  }

  /** A file as the page describes it to this client. @throws GatewayAnswer if the page does not list it. */
  async file(
    { project, fileName }: { readonly project: string; readonly fileName: string },
    { headers, gone, client }: PageRequest,
  ): Promise<ProjectFile> {
    const reader = this.#upstream.readerOf(headers);
    const known = this.#index.find(reader, project, fileName);
    if (known !== undefined) return known;
    // A copy of the page may be older than the file, so the second time the index is asked.
    for (const isReload of this.#reader.cache === undefined ? [true] : [false, true]) {
      const key = `${project} ${reader} ${isReload}`;
      const read = async ({ signal }: AbortController, ticket: Ticket): Promise<boolean> => {
        const asking = { headers, gone: signal, client, ticket, isReload };
        return this.#read(project, asking, (text) => {
          if (!this.#index.renew(reader, project, text)) this.#indexed(project, asking, text);
          return 'age' in text.staleness;
        });
      };
      const { release, result: isStale } = await this.#reading.join(key, read, { gone, client });
      release();
      const found = this.#index.find(reader, project, fileName);
      if (found !== undefined) return found;
      if (isStale)
        throw new UnreachableRegistry(
          'the index does not answer, and the copy of its page has no such file',
        );
    }
    throw new GatewayAnswer(404, 'the index has no such file of this project');
  }

  /** Forgets a page that may be outdated. */
  forget(project: string, headers: IncomingHttpHeaders): void {
    this.#index.delete(this.#upstream.readerOf(headers), project);
    this.#reader.changed(project);
  }
}
