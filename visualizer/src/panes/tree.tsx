import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { isSameReference, referenceIn, referenceText } from '../store/references.js'
import { fieldOf } from '../store/values.js'
import { ActorLink } from './actor-link.js'

/** Fields of one value that are shown at first. */
const MOST_AT_FIRST = 100
const LONGEST_TEXT = 400

/** Stands for a field that there was not before. */
const ABSENT = Symbol('absent')

/** Any JSON value, to be unfolded; what is not the same as in `before` is marked, and what is gone is named. */
export function Tree({
  name,
  value,
  before,
  isOpen,
}: {
  readonly name: string
  readonly value: unknown
  readonly before: unknown
  readonly isOpen?: boolean
}): JSX.Element {
  const open = useSignal(isOpen === true)
  const most = useSignal(MOST_AT_FIRST)
  const isChanged = before !== undefined && before !== value && !(isObject(before) && isObject(value))
  const look = `field${isChanged ? ' changed' : ''}`
  const reference = referenceIn(value)
  // Of one that had ended a checkpoint keeps more.
  if (reference !== undefined && !Object.hasOwn(Object(value), 'ended')) {
    const isOther = before !== undefined && !isSameReference(before, value)
    return (
      <li class={`field${isOther ? ' changed' : ''}`}>
        <span class="name">{name}</span> <ActorLink reference={reference} />
      </li>
    )
  }
  if (!isObject(value)) {
    return (
      <li class={look}>
        <span class="name">{name}</span> <Leaf value={value} />
      </li>
    )
  }
  const fields = Object.entries(value)
  const isList = Array.isArray(value)
  const about =
    reference !== undefined
      ? referenceText(reference)
      : fields.length === 0
        ? isList
          ? '[ ]'
          : '{ }'
        : isList
          ? `[${fields.length}]`
          : preview(fields)
  return (
    <li class={look}>
      <button
        type="button"
        class="twig"
        aria-expanded={open.value}
        disabled={fields.length === 0}
        onClick={() => (open.value = !open.value)}
      >
        <span class="name">{name}</span>{' '}
        <span class="about">{open.value && fields.length > 0 && !isList ? '' : about}</span>
      </button>
      {open.value && (
        <ul>
          {fields.slice(0, most.value).map(([field, inner]) => (
            <Tree
              key={field}
              name={field}
              value={inner}
              before={isObject(before) ? own(before, field) : undefined}
            />
          ))}
          {isObject(before) &&
            Object.keys(before)
              .filter((field) => !Object.hasOwn(value, field))
              .slice(0, MOST_AT_FIRST)
              .map((field) => (
                <li key={`gone ${field}`} class="field changed">
                  <del class="name">{field}</del>
                </li>
              ))}
          {fields.length > most.value && (
            <li>
              <button type="button" class="quiet" onClick={() => (most.value += MOST_AT_FIRST * 5)}>
                {fields.length - most.value} more
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  )
}

function Leaf({ value }: { value: unknown }): JSX.Element {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  const kind = value === null ? 'null' : typeof value
  return (
    <span class={`leaf ${kind}`} title={text.length > LONGEST_TEXT ? text.slice(0, 10_000) : undefined}>
      {text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text}
    </span>
  )
}

function preview(fields: readonly (readonly [string, unknown])[]): string {
  const names = fields.slice(0, 4).map(([name]) => name)
  return `{ ${names.join(', ')}${fields.length > names.length ? ', …' : ''} }`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? fieldOf(value, name) : ABSENT
}
