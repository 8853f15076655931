"""Invented people who might write to their MP, with five sentences of their own each."""

WRITERS = {
    "Ruth Feldman": (
        "My grandmother came to London with one suitcase when she was nine. "
        "Most of her cousins had nobody to open a door for them. "
        "She told us to notice when people are taken away because of what they are. "
        "I hear that again now, about another people. "
        "I would like to tell my children that we spoke up in time."
    ),
    "Tom Okafor": (
        "I teach history at a school in your constituency. "
        "Last month a pupil asked me what our country does when it knows. "
        "I had no good answer for her. "
        "Her class is now reading the testimony of a Uyghur teacher who got out. "
        "They will want to hear what you say, and so will I."
    ),
    "Margaret Hughes": (
        "I buy my clothes in the same shops as everybody else. "
        "It sickens me that I can't tell whose hands picked the cotton. "
        "I am seventy-four and have never written to an MP before. "
        "My late husband spent his life in the union at the mill. "
        "He would not have let this pass."
    ),
    "Sami Rahman": (
        "A colleague of mine has not heard from her sister in Kashgar since 2018. "
        "She no longer dares to telephone, in case it makes things worse. "
        "We work at the same hospital, and she still does every shift. "
        "I do not know how she bears it. "
        "Please do what you can for families like hers."
    ),
    "Daniel Levy": (
        "Every spring our synagogue reads out the names of the dead. "
        "This year our rabbi added the names of Uyghur poets who are in prison. "
        "The room went very quiet when she did. "
        "One of them had translated Heine. "
        "I have thought about that man’s daughter ever since."
    ),
    "Aoife Brennan": (
        "I am nineteen and voted for the first time last year. "
        "My flatmate is from Ürümchi. "
        "She lights a candle on her mother’s birthday because she can't ring her. "
        "Nobody on my course had heard of any of this. "
        "I promised her that I would write, so I am writing."
    ),
}
