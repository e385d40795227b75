/**
 * The live page of a run: one HTML file with the run, its code and all that makes its states again.
 * This module is browser compatible.
 *
 * @module
 */

import { pageHead, scriptJson } from "../page/page_frame.ts";
import { Html, html } from "../page/html.ts";
import { symbolButton } from "../page/fragments.ts";
import {
  LIVE_FRAME,
  LIVE_FRAME_HASH,
  LIVE_LOADER,
  LIVE_LOADER_HASH,
  LIVE_PROGRAM,
  LIVE_STYLE,
} from "./live_assets.generated.ts";
import type { LivePageData } from "./live_data.ts";

/** What the page is made of. */
export interface LivePageInput {
  /** Title of the window until the run is opened. */
  readonly title: string;
  /** Bytes of the artifact; a page without opens one that is dropped on it. */
  readonly artifact: Uint8Array | undefined;
  /** What else it carries. */
  readonly data: LivePageData;
  /** Name and version of the program that makes the page. */
  readonly tool: string;
}

/** The page as one text. */
export function renderLivePage({ title, artifact, data, tool }: LivePageInput): string {
  // The program and the step's modules come from blobs that the page itself makes; nothing is fetched.
  const policy = [
    `script-src '${LIVE_LOADER_HASH}' '${LIVE_FRAME_HASH}' blob:`,
    "worker-src blob:",
    // Style attributes move marks and choose heights.
    `style-src 'unsafe-inline'`,
    "img-src data: blob:",
  ];
  const page = html`
    ${pageHead({ title, tool, policy, style: LIVE_STYLE })}
      <body>
        <main>
          ${openPanel()}
          <div id="viewer"></div>
          <noscript><p>The page makes the states of the run by a script in it, which is not allowed to
            run. <code>rewind view --static</code> writes a page that needs none for its text.</p></noscript>
        </main>
        <footer>
          <p>Made by ${tool}. This page loads nothing from elsewhere and sends nothing. Plots by uPlot, MIT
            license; its text is in the page's source.</p>
        </footer>
        <template id="viewer-template">${viewer()}</template>
        <div id="frame" hidden>${LIVE_FRAME}</div>
        <script type="application/json" id="data">${scriptJson(data)}</script>
        ${artifact &&
          html`
            <script type="text/plain" id="artifact">${new Html(base64(artifact))}</script>
          `}
        <script type="text/plain" id="program">${new Html(LIVE_PROGRAM)}</script>
        <script>${new Html(LIVE_LOADER)}</script>
      </body>
    </html>
  `;
  return page.text;
}

function openPanel(): Html {
  return html`
    <section id="open" hidden>
      <h1>rewind</h1>
      <p class="lead">Drop a <code>.replay</code> file here, or choose one. It is opened in this page:
        nothing is sent anywhere.</p>
      <p><input type="file" id="open-file" accept=".replay,.npz" aria-label="A .replay file"></p>
      <p class="failure-text" id="open-problem" role="alert"></p>
      <div id="step-part" hidden>
        <p><label for="step-source">The file carries no step module, as those of the Python package.
          Paste one as JavaScript: <code>export function step(state, rng, params) {...}</code></label></p>
        <textarea id="step-source" rows="12" spellcheck="false"></textarea>
        <p><button type="button" id="step-use">Open with this module</button></p>
      </div>
    </section>
  `;
}

function viewer(): Html {
  const button = symbolButton("go");
  return html`
    <header>
      <h1 id="title"></h1>
      <p class="lead" id="lead"></p>
      <p class="failure" id="failure" hidden></p>
      <div class="verify">
        <button type="button" id="verify">Verify</button>
        <progress id="verify-progress" aria-label="Blocks replayed" hidden></progress>
        <p id="verdict" role="status"></p>
      </div>
    </header>
    <div id="scrubber" class="bar" role="group" aria-label="Place in the run">
      <div class="moves">
        ${button("first", "First state in sight (Home)", "⇤")}${button(
          "previous",
          "Previous state (left arrow; with shift 10)",
          "◀",
        )}${button("play", "Play (space)", "▶")}${button(
          "next",
          "Next state (right arrow; with shift 10)",
          "▶❘",
        )}${button("last", "Last state in sight (End)", "⇥")}
        <label class="place">t = <input id="place" type="number" inputmode="numeric" step="1"></label>
        <label class="speed">speed <select id="speed">${[1, 5, 30, 100, 1000, 10_000, 100_000].map((
          speed,
        ) =>
          html`
            <option value="${speed}" ${speed === 30 ? new Html(" selected") : undefined}>${speed
              .toLocaleString("en-US")} a second</option>
          `
        )}</select></label>
        <label><input type="checkbox" id="loop" checked> loop</label>
      </div>
      <div class="slide">
        <div id="ticks" aria-hidden="true"></div>
        <input id="slider" type="range" step="1" aria-label="State">
      </div>
      <div class="zoom">
        <span id="range"></span>
        ${button("closer", "Look closer (+)", "+")}${button("wider", "See more (-)", "−")}${button(
          "whole",
          "Whole run (0)",
          "all",
        )}
      </div>
    </div>
    <p id="message" role="status"></p>
    <div id="stage" class="stage">
      <div id="panes" class="panes"></div>
      <section class="plots-part" aria-label="Values over t">
        <div id="plots"></div>
        <button type="button" id="more-plots" hidden></button>
        <p class="about" id="plots-status"></p>
        <p class="help">Drag in a plot to move; with shift, to choose what to look at closer.</p>
      </section>
      <div class="states-part">
        <div id="states" class="states"></div>
        <label class="about"><input type="checkbox" id="exact"> all digits</label>
      </div>
    </div>
    <div class="tools">
      <section aria-labelledby="search-heading">
        <h2 id="search-heading">Find a state</h2>
        <form id="search-form">
          <label class="wide">where <input id="where" type="text" spellcheck="false" autocomplete="off"
            placeholder="(state, t) =&gt; ..." aria-describedby="search-result"></label>
          <div class="buttons">
            <button type="button" id="search-first">First</button>
            <button type="button" id="search-previous">Previous</button>
            <button type="button" id="search-next">Next</button>
            <button type="button" id="search-stop" hidden>Stop</button>
            <progress id="search-progress" max="1" aria-label="Searched" hidden></progress>
          </div>
          <p id="search-result" role="status"></p>
        </form>
        <div id="events-part" hidden>
          <h3>Events</h3>
          <ul id="events" class="events"></ul>
        </div>
      </section>
      <section aria-labelledby="forks-heading">
        <h2 id="forks-heading">Forks</h2>
        <p><button type="button" id="fork">Fork here</button>
          <button type="button" id="fork-hide" hidden>Hide the fork</button></p>
        <ul id="fork-list" class="forks"></ul>
        <p id="fork-status" role="status"></p>
        <form id="fork-form" hidden>
          <h3 id="fork-heading"></h3>
          <p class="help">Choose a value to change it. It stays a value of its kind.</p>
          <div id="fork-state" class="tree"></div>
          <div id="fork-params-part">
            <h4>Parameters</h4>
            <div id="fork-params" class="tree"></div>
          </div>
          <ul id="fork-changes" class="changes"></ul>
          <p class="fields"><label>Draws <select id="fork-seed-kind">
            <option value="new">new ones</option>
            <option value="same">the same as the parent's</option>
            <option value="given">those of a seed</option>
          </select></label>
          <input id="fork-seed" type="text" inputmode="numeric" aria-label="Seed" hidden>
          <label>states <input id="fork-steps" type="number" min="1" step="1"></label></p>
          <p><button type="submit">Make the fork</button>
            <button type="button" id="fork-cancel">Cancel</button></p>
        </form>
      </section>
    </div>
    <section class="keep" aria-label="Take along">
      <p class="command"><code id="command"></code> <button type="button" id="copy">Copy</button>
        <button type="button" id="copy-link">Copy the link</button>
        <button type="button" class="save-picture" id="save-svg">Picture as SVG</button>
        <button type="button" class="save-picture" id="save-png">Picture as PNG</button></p>
    </section>
    <details>
      <summary>What the file says</summary>
      <dl class="facts" id="facts"></dl>
    </details>
    <details>
      <summary>Code of the step module</summary>
      <pre tabindex="0" id="source"></pre>
    </details>
  `;
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // A multiple of three: each part stands for itself.
  for (let i = 0; i < bytes.length; i += 24_576) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(i, i + 24_576))));
  }
  return parts.join("");
}
