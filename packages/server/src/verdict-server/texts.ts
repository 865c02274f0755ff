/** Stores texts under paths with `/` between their parts. */
export interface TextStore {
  /** Undefined if there is none. */
  get(place: string): Promise<string | undefined>;
  /** Replaces a text in one step: readers get the old text or the new one. */
  put(place: string, text: string): Promise<void>;
  close(): Promise<void>;
}
