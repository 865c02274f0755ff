/** Replaces the escapes of a part of a URL. A text with a broken escape stays as it is. */
export function decodedUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
