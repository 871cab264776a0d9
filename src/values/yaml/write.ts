/** A text as a YAML value on one line, in double quotes: JSON's form, which YAML 1.1 takes everywhere. */
export function yamlText(text: string): string {
  return JSON.stringify(text);
}

/** A mapping's key: as it stands where it can only be read as a word, else in double quotes. */
export function yamlKey(name: string): string {
  const isWord = /^[A-Za-z_][\w-]*$/.test(name) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(name);
  return isWord ? name : JSON.stringify(name);
}
