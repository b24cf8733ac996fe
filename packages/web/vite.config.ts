import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { contractVersion } from '@callboard/plugin-api';
import { defineConfig, type Plugin } from 'vite';
import { sharedModules } from './shared-modules.config.ts';

const compressible = /\.(js|css|html|svg|json)$/;

/** Writes a .br and a .gz beside each text file, so that the server never compresses while somebody waits. */
const precompress = (): Plugin => ({
  name: 'callboard-precompress',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [fileName, output] of Object.entries(bundle)) {
        if (!compressible.test(fileName)) continue;
        const bytes = Buffer.from(output.type === 'chunk' ? output.code : output.source);
        const quality = {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        };
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(bytes, quality) });
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(bytes, { level: 9 }) });
      }
    },
  },
});

/** A test helper of the form builder names a validator that compiles code; nothing of ours asks for it. */
const withoutCompiler = (): Plugin => ({
  name: 'callboard-without-compiler',
  resolveId: (id) => (id === '@rjsf/validator-ajv8' ? `\0${id}` : null),
  load: (id) => (id === '\0@rjsf/validator-ajv8' ? 'export default undefined' : null),
});

const portal = 'http://127.0.0.1:7007';

export default defineConfig({
  plugins: [react(), sharedModules(contractVersion), precompress(), withoutCompiler()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    target: 'es2022',
    sourcemap: false,
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // What plugins share would otherwise be laid together with what only some pages need, and the first page would load it.
    rolldownOptions: { experimental: { chunkOptimization: { mergeCommonChunks: false } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': portal, '/healthz': portal, '/readyz': portal },
  },
});
