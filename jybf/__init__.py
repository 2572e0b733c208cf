"""jybf: employment-assistance subsidies (就业帮扶) computed and audited from spreadsheets, clause by clause.

The way of a cell to a verdict; each step asks only those above it (tests/test_architecture.py):

1. A file becomes tables (``roster``). ``source`` knows what the bytes are, ``workbook`` and ``delimited`` read them to a
   ``grid`` of texts, ``header`` finds the heads, ``title`` what the title says of every row, ``columns`` which field each
   column is, ``rows`` which rows are data, ``totals`` whether the sums add up; ``table`` puts one sheet together, ``reading``
   all of them. No row is lost: each is data, or counted by its kind.
2. A text becomes a value (``vocabulary``). ``fields`` is the dictionary of ``rules/fields.toml``: names, types, headers;
   ``types`` a row a type, ``values`` a parser a type, and what it can't read stays unread, with its cell and the reason;
   ``keys`` says who and what is the same, ``roles`` which columns play a part, ``yuan`` writes 分 as 元. The result is a
   ``model.Roster``: typed rows, the place of each cell, and the cells that nobody can read.
3. The law becomes a Pack (``policy``). ``load`` and ``schema`` read ``rules/<id>.toml``, ``inherit`` what it extends;
   ``predicate`` parses each clause with sqlglot and vets it, ``implicit`` adds the clauses that an amount implies,
   ``settings`` the sums that are set from outside; ``regions`` finds the pack of a place. What a sum is, its kind says
   (``vocabulary.amounts``, a file a kind); what follows from other cells, ``rules/facts.toml`` (``vocabulary.facts``), whose
   formulas ``formula`` vets.
4. Roster and Pack become Verdicts (``assess``). ``compile`` writes one SQL query a pack: first the tables of ``known``, in
   which a fact is a value, 误 (a source that matters can't be read) and 自 (which source spoke), then clauses (``stages``),
   limits that count across rows (``tally``, ``rivals``, ``history``) and ``money``; ``run`` has Polars carry it out. TRUE
   holds, FALSE fails, NULL lacks a fact: an unknown decides nothing. ``describe`` and ``sentences`` say a verdict in words,
   ``why`` proves one row step by step.
5. Verdicts become Findings (``audit``). ``run`` asks every function in ``checks``, each with its sentence and cases in
   ``rules/checks``; ``eligibility`` adds what the verdicts refuse, ``coverage`` what was not checked, and ``waivers`` take out
   what somebody answers for. ``release`` decides who may be paid today. ``diff`` compares two audits.
6. What was found becomes a page or a file (``report``): ``formats`` has one module a format; ``screen`` and
   ``sheets`` have what the pages and the workbooks share.
7. A user asks (``commands``): one file and one function a command. ``request`` is what was typed, ``opening`` reads all that
   it names and assesses it, ``deliver`` is the one way of a result to the screen, a pipe or a file. ``cli`` parses the command
   line and turns what comes back into an exit code.
8. A program asks (``api``): the commands' own functions, on files and frames, without printing and without an exit.

``errors`` has the kinds of failure, one exit code each; ``model`` what all of the above speak in; ``visible`` is the door of
every text to a human: it steers no terminal, and numbers of people are hidden in it.
"""

__version__ = "0.1.0"
