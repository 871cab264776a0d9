import { readdirSync, readFileSync } from 'node:fs';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pictures, terminalPicture } from '../../scripts/pictures.ts';
import { COLORED } from '../../src/text/paint.ts';

const FOLDER = new URL('../../docs/pictures/', import.meta.url);

test('docs/pictures are what npm run docs makes of what the program prints now', () => {
  const now = pictures();
  assert.equal(readdirSync(FOLDER).sort(), Array.from(now.keys(), (name) => `${name}.svg`).sort());
  for (const [name, picture] of now) {
    assert.is(readFileSync(new URL(`${name}.svg`, FOLDER), 'utf8'), picture, `${name}: npm run docs`);
  }
});

test('each is shown somewhere, with words for who does not see it', () => {
  const pages = ['README.md', 'docs/inspect.md'].map((file) =>
    readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
  );
  for (const name of pictures().keys()) {
    assert.ok(
      pages.some((page) => new RegExp(`!\\[\\w[^\\]]+\\]\\([\\w/]*pictures/${name}\\.svg\\)`).test(page)),
    );
  }
});

test('they hold no certificate and no key', () => {
  for (const picture of pictures().values()) assert.not.match(picture, /[A-Za-z0-9+/]{65}|BEGIN|MII/);
});

test('a picture is XML with each part in its columns, in colours for light and dark', () => {
  const { red, bold, dim } = COLORED;
  const picture = terminalPicture('a <b> & c', `${bold(red('<&>'))}  end\n\n  ${dim('two\nlines')} x\n`);
  assert.is(XMLValidator.validate(picture), true);
  const options = { ignoreAttributes: false, trimValues: false };
  const { title, text } = new XMLParser(options).parse(picture).svg;
  assert.is(title, 'a <b> & c');
  const part = (x: string, y: string, textLength: string, words: string, look?: string) => ({
    '#text': words,
    '@_x': x,
    '@_y': y,
    '@_textLength': textLength,
    ...(look ? { '@_class': look } : {}),
  });
  assert.equal(text, [
    part('16', '30', '25.2', '<&>', 'bold red'),
    part('58', '30', '25.2', 'end'),
    part('32.8', '70', '25.2', 'two', 'dim'),
    part('16', '90', '42', 'lines', 'dim'),
    part('66.4', '90', '8.4', 'x'),
  ]);
  const light = new Set(
    picture
      .match(/^ {2}.*#\w{6}/gm)
      ?.join()
      .match(/#\w{6}/g),
  );
  assert.match(picture, /prefers-color-scheme: dark/);
  assert.ok(light.size >= 12);
});

test.run();
