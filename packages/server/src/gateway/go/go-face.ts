/* Serves go: a module proxy (https://go.dev/ref/mod#goproxy-protocol). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import { TOOLCHAIN, type ModuleVersion } from '@tarwarden/guard/go';
import { GatewayAnswer } from '../answers.ts';
import { isReading, type Face, type FaceParts } from '../face.ts';
import { waitingClient } from '../gone.ts';
import { sendArchive } from '../tarball.ts';
import { noArchive, sendDocument, PassedTexts } from '../texts.ts';
import { GO_TRIAL, type GatewayTrial } from '../trials.ts';
import { goAskedBy, goPathOf, type GoRequest } from './module-requests.ts';

/** The most bytes of any answer but a zip: go takes a go.mod of up to 16 MiB. */
const TEXT_BYTES_MAX = 32 * 1024 * 1024;

export class GoFace implements Face {
  /** go shows the body of an error if it is text. */
  readonly errors = 'text';
  readonly trials: readonly GatewayTrial[] = [GO_TRIAL];
  readonly #parts: FaceParts;
  readonly #texts: PassedTexts;

  constructor(parts: FaceParts) {
    this.#parts = parts;
    this.#texts = new PassedTexts(parts);
    parts.open.metrics.waits.add('document', this.#texts);
  }

  loggable(target: string): GoRequest {
    return goAskedBy(target);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = goAskedBy(request.url ?? '/');
    if (asked.kind === 'nothing' || !isReading(request))
      throw new GatewayAnswer(404, 'not found: a module proxy has nothing there');
    const address = this.#parts.upstream.at(goPathOf(asked));
    if (asked.kind === 'zip') return this.#zip(asked, { address, request, response });
    const { headers } = request;
    const { sending } = this.#parts;
    const options = { headers, bytesMax: TEXT_BYTES_MAX, ...waitingClient(request, response) };
    const { body, staleness } = await this.#texts.use(address, options, (text) => ({
      ...text,
      body: noArchive(text.body),
    }));
    const type = TYPES[asked.kind];
    await sendDocument(request, response, { body, type, sending, headers: staleness });
  }

  async #zip(
    { path: name, version }: ModuleVersion,
    {
      address,
      request,
      response,
    }: {
      readonly address: string;
      readonly request: IncomingMessage;
      readonly response: ServerResponse;
    },
  ): Promise<void> {
    const identity = { format: 'gomod', name, version } as const;
    // go accepts toolchains of any length.
    const isLarge = name === TOOLCHAIN;
    const offered = {
      identity,
      promised: {},
      address,
      ...(isLarge && { bytesMax: MAX_ARCHIVE_FILE_BYTES }),
    };
    await sendArchive(request, response, { ...this.#parts, offered });
  }
}

const TYPES = {
  info: 'application/json',
  latest: 'application/json',
  list: 'text/plain; charset=utf-8',
  mod: 'text/plain; charset=utf-8',
  database: 'application/octet-stream',
} as const;
