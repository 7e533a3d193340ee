"""What documents for the measurement of coverage say: running text in several languages, made at random."""

from __future__ import annotations

import random

_VOCABULARIES = {
    "en": (
        "account agreement amount balance board capital change company cost court current customer date delivery "
        "department effect interest letter market matter meeting month number office order paid payment period plan "
        "price product public quarter question rate reason receipt result return river section service share "
        "statement supply system term total transfer value water winter work year the of and to in is with for that"
    ),
    "fr": (
        "accord année après avoir bateau beaucoup bibliothèque café chaîne château côté coût dernière différence école "
        "élève été façade fenêtre forêt français gâteau hôpital île là maître même mère mois naïve où œuvre père place "
        "première près réunion rivière santé société théâtre très ville voisin le la les des une dans pour avec sur"
    ),
    "de": (
        "Abteilung Ähnlichkeit Änderung Antwort Bedingung Bericht Brücke Büro Datum Entscheidung Erklärung Fluss Frage "
        "früher führen Fußgänger Gebühr Gespräch größer Grundstück häufig Jahr Kündigung Lösung Maßnahme möglich "
        "Öffnung Prüfung Rückgabe Schluss schön Straße Süden Tür Übung Unternehmen Vertrag Wärme der die das und nicht"
    ),
    "es": (
        "acuerdo además año bañera ciudad compañía corazón cuestión después dirección edición español estación función "
        "fútbol gestión información jardín lección línea mañana médico música niño número opinión página país período "
        "pequeño pingüino razón sesión también teléfono vergüenza según último el la los que con para una por como"
    ),
    "ar": (
        "كتاب مدينة بحر سفينة ميناء صباح قهوة شارع بيت باب طريق سوق ماء شمس قمر ليل نهار رسالة جواب سؤال معلم مدرسة "
        "طالب درس قلم ورق حديقة شجرة وردة جبل نهر سماء"
    ),
}
WORDS = {language: text.split() for language, text in _VOCABULARIES.items()}
HAN = "每天早上渡船都会晚到半个小时港口里的人不再感到奇怪因为海风很大他们坐在岸边喝茶看书等待远方来信孩子跑过石桥"
KANA = "毎朝フェリーは三十分遅れるが港ではもう誰も驚かない風が強い日には岸でお茶を飲み本を読み遠くからの手紙を待つ"


def sentence(chance: random.Random, language: str = "en", least: int = 5, most: int = 15) -> str:
    """One sentence, now and then with a number, brackets, quotes or a comma."""
    words = chance.choices(WORDS[language], k=chance.randint(least, most))
    for place in range(1, len(words)):
        if chance.random() < 0.16:
            words[place] = chance.choice(
                [f"{words[place]},", f"({words[place]})", f"“{words[place]}”", number(chance), f"{words[place]};"]
            )
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]]).rstrip(",;") + "."


def prose(chance: random.Random, words: int, language: str = "en") -> str:
    """Sentences, until there are so many words."""
    text = sentence(chance, language)
    while text.count(" ") < words:
        text += " " + sentence(chance, language)
    return text


def phrase(chance: random.Random, least: int = 1, most: int = 4, language: str = "en") -> str:
    """A few words without a point, as in titles and cells."""
    words = chance.choices(WORDS[language], k=chance.randint(least, most))
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def number(chance: random.Random) -> str:
    """A whole number, one with decimals, or a share."""
    return chance.choice(
        [str(chance.randrange(10000)), f"{chance.uniform(0, 999):.2f}", f"{chance.uniform(0, 99):.1f}%"]
    )


def unspaced(chance: random.Random, signs: int, source: str) -> str:
    """Running text in a script without spaces."""
    text = ""
    while len(text) < signs:
        text += "".join(chance.choices(source, k=chance.randint(6, 18))) + chance.choice("，。")
    return text
