"""The words by which English reports speech, dates, hedges and refers back. Words only, no rules.

None is here because some source of the graph uses it: they are the usual ones of news prose.
"""

from __future__ import annotations

from typing import Final


def _forms(*stems: str) -> dict[str, str]:
    """Every form of regular verbs, each with its base: ``argue argues argued arguing``."""
    found = {}
    for stem in stems:
        short = stem[:-1] if stem.endswith("e") else stem
        if stem.endswith("y") and stem[-2] not in "aeiou":
            past, third = stem[:-1] + "ied", stem[:-1] + "ies"
        else:
            past = short + "ed"
            third = stem + ("es" if stem.endswith(("s", "sh", "ch", "x")) else "s")
        found.update(dict.fromkeys((stem, third, past, short + "ing"), stem))
    return found


def _irregular(table: str) -> dict[str, str]:
    return {form: line.split()[0] for line in table.splitlines() for form in line.split()}


#: Verbs by which somebody is said to say something, each form with its base.
SAYING: Final[dict[str, str]] = {
    **_forms(
        "announce", "add", "note", "state", "declare", "reply", "answer", "report", "explain",
        "confirm", "mention", "remark", "comment", "reveal", "disclose", "reiterate", "recall",
        "respond", "acknowledge", "signal", "hint", "suggest", "indicate", "observe", "quote",
        "cite", "testify", "post", "assure", "promise", "pledge", "inform", "brief", "allege",
        "claim", "conclude", "estimate", "clarify", "affirm", "concede", "warn", "stress",
        "emphasise", "emphasize", "underline", "underscore", "point", "describe", "vow", "tweet",
    ),
    **_irregular("say says said saying\ntell tells told telling\nwrite writes wrote written writing"),
    **_irregular("speak speaks spoke spoken speaking\nadmit admits admitted admitting"),
}  # fmt: skip
#: Verbs by which a party takes a stance.
TAKING_A_STANCE: Final[dict[str, str]] = {
    **_forms(
        "argue", "insist", "maintain", "contend", "assert", "accuse", "criticise", "criticize",
        "condemn", "reject", "dismiss", "deny", "oppose", "object", "protest", "complain",
        "denounce", "consider", "regard", "view", "believe", "call", "voice", "express", "welcome",
        "demand", "doubt", "support", "favour", "favor", "praise", "defend", "dispute", "label",
    ),
    **_irregular("see sees saw seen seeing\nthink thinks thought thinking\nfeel feels felt feeling"),
}  # fmt: skip
#: Of those, verbs that do so only with what they go with: "called the measures unfair", "sees as".
WITH_AS: Final = frozenset({"see", "view", "regard", "describe", "feel"})
WITH_FEELING: Final = frozenset({"express", "voice"})
FEELINGS: Final = frozenset(
    "concern concerns confidence doubt doubts hope hopes fear fears regret support opposition "
    "anger alarm unease reservations objections disappointment satisfaction optimism worry "
    "worries scepticism skepticism interest willingness readiness belief view frustration".split()
)
#: Verbs by which somebody looks ahead.
LOOKING_AHEAD: Final[dict[str, str]] = _forms("expect", "predict", "anticipate", "hope", "forecast")
#: All verbs by which somebody puts something forward.
PUTTING_FORWARD: Final = {**SAYING, **TAKING_A_STANCE, **LOOKING_AHEAD}
#: Nouns that stand for something said: "signals from Washington that", "reports of".
THINGS_SAID: Final = frozenset(
    "report reports signal signals claim claims warning warnings suggestion suggestions statement "
    "announcement allegation allegations rumour rumours rumor rumors assertion assertions "
    "indication indications hint hints assurance assurances comments remarks".split()
)
#: What may stand between a speaker and the verb.
BETWEEN: Final = frozenset(
    "has have had is are was were be been being also long since repeatedly publicly recently "
    "later earlier then now again still not never always often too both all himself herself "
    "itself themselves who which on last this that sunday monday tuesday wednesday thursday "
    "friday saturday yesterday today further so far once first only just separately jointly "
    "already nevertheless however meanwhile familiar close aware briefed involved".split()
)
PREPOSITIONS: Final = frozenset(
    "of in on at by for from to with about over under against between among amid into through "
    "during after before near across along around via as than regarding concerning toward towards "
    "despite without within upon off beyond including like".split()
)
LOCATIVES: Final = frozenset("in at near outside across around inside visiting".split())
#: Nouns for people whom a source does not name.
GROUP_NOUNS: Final = frozenset(
    "officials official diplomats diplomat lawmakers lawmaker source sources analysts analyst "
    "experts expert spokesperson spokesman spokeswoman spokespeople legislators senators "
    "ministers authorities negotiators observers critics aides aide envoys insiders "
    "representatives reporters journalists".split()
)
#: How many, said of sides before named: "both sides", "the two governments".
TWO: Final = frozenset({"both", "two"})
SIDES: Final = frozenset(
    "sides countries governments nations parties states capitals neighbours neighbors allies".split()
)
#: Words that refer back to the last thing of a class: the word, then the classes.
HEADS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("system", "systems", "missiles", "weapon", "weapons"), ("WeaponSystem",)),
    **dict.fromkeys(("battery", "batteries"), ("WeaponSystem",)),
    **dict.fromkeys(("jet", "jets", "aircraft", "plane", "planes"), ("WeaponSystem",)),
    **dict.fromkeys(("law", "act", "statute", "legislation"), ("Act",)),
    **dict.fromkeys(("program", "programme", "project"), ("Programme",)),
    **dict.fromkeys(("company", "firm", "corporation", "exporter", "manufacturer"), ("Company",)),
    **dict.fromkeys(("agency", "ministry", "department"), ("Agency",)),
    **dict.fromkeys(("country", "nation", "government"), ("State",)),
    **dict.fromkeys(("alliance", "bloc"), ("InternationalOrganisation",)),
}
DETERMINERS: Final = frozenset("the this that these those".split())
PERSONAL: Final = frozenset("he she him his her".split())
IMPERSONAL: Final = frozenset("it its".split())
MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)
WEEKDAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
NUMBERS: Final[dict[str, int]] = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
#: Words that begin a sentence with a capital and name nothing.
FUNCTION_WORDS: Final = frozenset(
    "a an the this that these those any all both each every some no none one two three many most "
    "several few other another such it its he she they we you i his her their our my your who whom "
    "whose what which when where why how if as at by for from in into of on onto over to under up "
    "with within without after before during since until while although though because so but and "
    "or nor yet however meanwhile moreover also too still even then thus there here now today "
    "tomorrow yesterday asked speaking according last next earlier later once only not never yes "
    "despite amid among between against about through along across instead rather indeed "
    "nevertheless nonetheless therefore further furthermore additionally similarly separately "
    "officials diplomats analysts sources source lawmakers experts critics nobody everybody "
    "everyone anyone someone somebody nothing everything something neither either".split()
) | frozenset(MONTHS) | frozenset(WEEKDAYS)  # fmt: skip
#: Adjectives with a capital that belong to no one body.
WIDE: Final = frozenset(
    "western eastern northern southern central european asian african arab islamic soviet nordic "
    "baltic balkan mediterranean atlantic pacific gulf".split()
)
#: Words of a name that say what kind of thing it is.
KIND_WORDS: Final[dict[str, str]] = {
    **dict.fromkeys(
        "ministry service agency department directorate bureau commission council command office "
        "administration authority force forces navy army secretariat committee inspectorate".split(),
        "Agency",
    ),
    **dict.fromkeys(
        "corporation jsc company ltd inc corp group industries holding plc llc gmbh concern "
        "aerospace systems shipyard bank enterprise".split(),
        "Company",
    ),
    **dict.fromkeys("forum summit conference show expo exhibition congress".split(), "Conference"),
    **dict.fromkeys("act treaty order code convention".split(), "Act"),
    **dict.fromkeys(
        "line sea river strait airport base port island bay gulf valley city harbour harbor "
        "palace square delta".split(),
        "Location",
    ),
    **dict.fromkeys("news times post herald tribune gazette press daily".split(), "NewsOrganisation"),
    **dict.fromkeys("union alliance organisation organization league".split(), "InternationalOrganisation"),
    **dict.fromkeys("parliament senate assembly duma".split(), "Legislature"),
}  # fmt: skip
#: Titles that stand before a person's name, or after it between commas.
TITLES: Final = frozenset(
    "president minister ambassador secretary director chief head general admiral colonel envoy "
    "senator chairman chairwoman chair commander spokesman spokeswoman spokesperson premier "
    "chancellor king queen prince governor mayor representative adviser advisor mr mrs ms dr "
    "undersecretary deputy captain marshal".split()
)
#: What may stand before the name of a speaker and belongs to it.
BEFORE_SPEAKERS: Final = frozenset(
    "the a an two three four several some many other senior top unnamed unidentified government "
    "another former".split()
)
#: What may stand before a title and belongs to it: "Foreign Minister".
BEFORE_TITLES: Final = frozenset(
    "foreign defence defense prime finance interior vice deputy energy trade justice first acting "
    "general executive permanent chief home cultural assistant under".split()
)
#: Occasions on which people speak.
OCCASIONS: Final = frozenset(
    "interview conference forum summit meeting briefing exhibition show speech hearing sidelines "
    "ceremony session visit".split()
)
REQUIRING: Final = frozenset(
    "require requires required requiring must needs obliges oblige obliged mandates mandate".split()
)
COMING: Final = frozenset("will would shall expects expect expected soon".split())
POSSIBLE: Final = frozenset("could might may can option options whether either".split())
#: Words after which a new clause begins.
CONJUNCTIONS: Final = frozenset(
    "that which who whom because although though while when where after before but as if unless "
    "since until whether whereas".split()
)
AUXILIARIES: Final = frozenset(
    "is are was were be been has have had will would shall should can could may might must do does "
    "did".split()
)
#: Past forms that do not end in -ed.
IRREGULAR_PASTS: Final = frozenset(
    "bought took began begun said told made gave got went came met held kept left sold sent spent "
    "built brought sought fought chose drew flew grew knew saw shot struck won wrote paid rose fell "
    "stood understood became led put set cut hit let spoke broke drove ran".split()
)
#: Words that tell what kind of thing a clause speaks of, and the class of the ontology it is.
TRIGGERS: Final[dict[str, str]] = {
    word: kind
    for kind, words in {
        "ArmsDeal": "buy buys bought buying purchase purchases purchased purchasing acquire acquired "
        "acquisition sale sales sell sells sold selling deal deals procure procured procurement",
        "Delivery": "deliver delivers delivered delivery deliveries supply supplies supplied shipment "
        "shipped receiving receive received",
        "Contract": "contract contracts inked signed",
        "Order": "order orders ordered",
        "Payment": "paid pay pays payment payments instalment",
        "MeasureSet": "sanctions sanction measures penalties",
        "Imposition": "impose imposes imposed imposing imposition penalise penalize penalised",
        "Termination": "lift lifts lifted lifting",
        "Waiver": "waiver waivers waive waived exemption",
        "Determination": "determination determined determines",
        "Invocation": "invoke invoked invokes",
        "Talks": "talks negotiations negotiation negotiate negotiated discussions consultations",
        "Meeting": "meeting met meets discussed visit visited",
        "Interview": "interview",
        "Conference": "conference forum summit exhibition show symposium",
        "Refusal": "refuse refused refuses refusal declined rejected",
        "Request": "request requested requests asked pressed lobbied sought seeks plea urged appeal",
        "Removal": "expelled removed excluded ousted suspended expulsion",
        "Admission": "rejoin return readmit readmitted join joined admitted reinstated",
        "WeaponTest": "tested fired test-fired",
        "Possession": "possess possesses possessed possession keeps",
        "Stationing": "deploy deployed deploys deploying deployment stationed stationing",
        "Transfer": "transfer transferred transferring handed",
        "Dispute": "dispute row tension tensions stand-off standoff rift quarrel disagreement",
        "Prerequisite": "requires require required approval",
        "Assurance": "assured assurance assurances guarantee guaranteed pledge pledged",
        "Listing": "listed blacklisted designated",
        "Enactment": "enacted",
    }.items()
    for word in words.split()
}
#: What a word before a name makes of it, by property: "from Russia" is the supplier.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "from": ("supplier", "payee"),
    "to": ("recipient", "addressee", "target"),
    "against": ("target",),
    "on": ("target",),
    "with": ("participant",),
    "by": ("actor", "imposedBy", "supplier"),
    "under": ("under",),
}
#: What the subject of a clause is, where its class has the property.
SUBJECT_ROLES: Final = (
    "actor", "recipient", "participant", "heldBy", "possessor", "holder", "party", "imposedBy", "operator",
)  # fmt: skip
