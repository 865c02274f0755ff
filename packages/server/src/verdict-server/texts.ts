/** Texts by their places: names with `/` between their parts. */
export interface TextStore {
  /** Undefined where there is none. */
  get(place: string): Promise<string | undefined>;
  /** In one step: who reads has the text of before, or this one. */
  put(place: string, text: string): Promise<void>;
  close(): Promise<void>;
}
