/** What a program that go starts can have the gateway ask for: nothing but what go itself asks for. */
import { beforeEach, describe, expect, test } from 'vitest';
import { guarded, useGoBench } from '../../support/go/bench.ts';

/** Asks GOPROXY for its argument, as it is, and prints the status. */
const ASKING = `package main

import ("bufio"; "fmt"; "net"; "net/url"; "os")

func main() {
  proxy, _ := url.Parse(os.Getenv("GOPROXY"))
  c, err := net.Dial("tcp", proxy.Host)
  if err != nil { panic(err) }
  fmt.Fprintf(c, "GET %s/%s HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n", proxy.Path, os.Args[1])
  line, _ := bufio.NewReader(c).ReadString('\\n')
  fmt.Print(line)
}
`;

describe('a program of the run', { tags: ['go'] }, () => {
  const bench = useGoBench({ instead: () => ({ status: 200, body: 'internal' }) });
  beforeEach(() => {
    const mod = 'module example.org/project\n\ngo 1.21\n';
    bench.sandbox.write({ 'go.mod': mod, 'main.go': ASKING });
  });

  const ask = async (path: string): Promise<string> => {
    const GOPROXY = `${bench.proxy.url}/proxy`;
    const { stdout } = await guarded(bench, ['run', '.', path], { env: { GOPROXY } });
    return stdout.trim();
  };

  test.each([
    String.raw`sumdb/x\..\..\..\internal/secret`,
    'sumdb/x%5c..%5c..%5cinternal/secret',
    'sumdb/../../internal/secret',
    'sumdb/%2e%2e/%2e%2e/internal/secret',
    'sumdb/x/./latest',
    'sumdb/x/latest?user=me',
    'sumdb/x//latest',
    'example.org/m/@v/v1.0.0.info?user=me',
    'internal/secret',
  ])('is not given %s', async (path) => {
    expect(await ask(path)).toBe('HTTP/1.1 404 Not Found');
    expect(bench.proxy.asked).toEqual([]);
  });

  test.each([
    'sumdb/sum.golang.org/lookup/example.org/!team/m@v1.0.0+incompatible',
    'sumdb/sum.golang.org/tile/8/0/x001/234.p/17',
    'sumdb/localhost:8080/path/latest',
    'example.org/%21team/m/@v/v1.0.0.info',
  ])('is given what go asks for: %s', async (path) => {
    expect(await ask(path)).toBe('HTTP/1.1 200 OK');
    expect(bench.proxy.asked).toEqual([`/proxy/${decodeURIComponent(path)}`]);
  });
});
