import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type SelectionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
  visit,
} from "graphql";
import type { Limits } from "../limits";
import { type ApiError, badRequest, tooComplex } from "./errors";
import { isStorable } from "./text";

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);
const TEXTS = new Set<string>([TokenKind.STRING, TokenKind.BLOCK_STRING]);

/**
 * Reads a document token by token, before anything recursive touches it: parsing takes stack for each level of brackets, and time and
 * memory for each token. Answers how many tokens there are. Throws an ApiError, or
 * graphql-js' error for what is no token.
 */
export function scan(text: string, limits: Limits): number {
  if (text.length > limits.documentCharacters)
    throw tooComplex(`The document is longer than ${limits.documentCharacters} characters.`, {
      limit: limits.documentCharacters,
    });
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let nesting = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    tokens += 1;
    if (OPENING.has(token.kind)) nesting += 1;
    else if (CLOSING.has(token.kind)) nesting -= 1;
    else if (TEXTS.has(token.kind) && !isStorable(token.value))
      throw badRequest("A text in the document contains the character NUL.");
    if (tokens > limits.documentTokens)
      throw tooComplex(`The document has more than ${limits.documentTokens} tokens. Put values into variables.`, {
        limit: limits.documentTokens,
      });
    if (nesting > limits.documentNesting)
      throw tooComplex(`The document is nested deeper than ${limits.documentNesting} levels.`, { limit: limits.documentNesting });
  }
  return tokens;
}

/** What is wrong with the size of a parsed document, if anything: the first limit that it is past. */
export function exceeded(document: DocumentNode, limits: Limits): ApiError | null {
  const { aliases, directives } = countNodes(document);
  if (aliases > limits.aliases)
    return tooComplex(`The document has more than ${limits.aliases} aliases.`, { limit: limits.aliases });
  if (directives > limits.directives)
    return tooComplex(`The document has more than ${limits.directives} directives.`, { limit: limits.directives });
  const measure = new Measure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, width } = measure.of(definition.selectionSet);
    if (depth > limits.depth)
      return tooComplex(`The fields of the document are nested deeper than ${limits.depth} levels.`, { limit: limits.depth });
    if (width > limits.rootFields)
      return tooComplex(`An operation has more than ${limits.rootFields} fields of its own.`, { limit: limits.rootFields });
  }
  return null;
}

function countNodes(document: DocumentNode): { readonly aliases: number; readonly directives: number } {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field: (node) => {
      if (node.alias) aliases += 1;
    },
    Directive: () => {
      directives += 1;
    },
  });
  return { aliases, directives };
}

/** Levels of fields, and fields on the first level. */
interface Extent {
  readonly depth: number;
  readonly width: number;
}

/** Measures selections with the fragments in them. Each fragment is measured once, so that it takes no longer than the document is. */
class Measure {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, Extent>();

  constructor(document: DocumentNode) {
    const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  of({ selections }: SelectionSetNode): Extent {
    let depth = 0;
    let width = 0;
    for (const selection of selections) {
      const extent = this.#ofSelection(selection);
      depth = Math.max(depth, extent.depth);
      width += extent.width;
    }
    return { depth, width };
  }

  #ofSelection(selection: SelectionNode): Extent {
    switch (selection.kind) {
      case Kind.FIELD:
        return { depth: 1 + this.#below(selection), width: 1 };
      case Kind.INLINE_FRAGMENT:
        return this.of(selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return this.#ofFragment(selection.name.value);
    }
  }

  #below({ selectionSet }: FieldNode): number {
    return selectionSet === undefined ? 0 : this.of(selectionSet).depth;
  }

  #ofFragment(name: string): Extent {
    const fragment = this.#fragments.get(name);
    const known = this.#measured.get(name);
    if (known || !fragment) return known ?? NOTHING;
    // A cycle comes back to a fragment that is being measured; the rules of GraphQL refuse it later.
    this.#measured.set(name, NOTHING);
    const extent = this.of(fragment.selectionSet);
    this.#measured.set(name, extent);
    return extent;
  }
}

const NOTHING: Extent = { depth: 0, width: 0 };
