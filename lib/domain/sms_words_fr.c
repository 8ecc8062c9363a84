/* SPDX-License-Identifier: Apache-2.0
 * French words of text messages. */
#include "domain/sms_words.h"

/* clang-format off: a phrase is never broken over lines. */
static const struct sms_row rows[] = {
    /* Help */
    SMS_SAYS("osecours, o secours, o secour, ausecours, ausecour, au secour, sa va pas, sa ne va pas, sa va mal, "
             "ca vas pas, aide, aides, aider, aidez, aidez moi, aidez nous, a l aide, besoin d aide, besoin daide, "
             "besoin de secours, besoin d une aide, besoin d assistance, au secours, secours, secourez nous, "
             "secourez moi, sauvez nous, sauvez moi, urgence, urgent, urgente, venez nous chercher, "
             "venez me chercher, venez vite, detresse, en detresse, aide moi, aide nous, assistance, "
             "besoin de vous, besoin de votre aide, ca va mal, ca va pas, ca ne va pas, ca va tres mal, "
             "va mal, vais mal, allons mal, situation grave, tres grave, desespere",
             NEED_HELP),
    /* Not well, said outright */
    SMS_SAYS("vais pas bien, va pas bien, allons pas bien, pas bien, pas tres bien, pas du tout bien, "
             "vont pas bien, sommes pas bien, suis pas bien, mal en point, peur, avons peur, ai peur, "
             "disparu, disparue, disparus, introuvable, maider, maidez, m aider, nous aider",
             NEED_HELP),
    SMS_SAYS("en danger, en grand danger, dangereux, dangereuse, danger de mort, pas en securite, "
             "plus en securite, insecurite, caches, cache, cachee, cachees, nous cachons, me cache, menace, "
             "menacee, menaces, menacent, en feu, incendie, feu, brule, hommes armes, terroristes, milice, "
             "peur pour notre vie, peur pour ma vie, bandits, pas sur ici, djihadistes",
             IN_DANGER),
    SMS_SAYS("blesse, blessee, blesses, blessees, blaisse, blaissee, jesuisblesse, jesuisblessee, blessure, blessures, "
             "j ai mal, jambe cassee, bras casse, "
             "fracture",
             INJURED),
    SMS_GRAVE("saigne, saignement, hemorragie, perd du sang, inconscient, inconsciente, evanoui, evanouie, "
              "blesse par balle, blessee par balle, blesses par balle, grievement blesse, gravement blesse, "
              "gravement blessee, blesse grave",
              INJURED, MEDICAL_EMERGENCY),
    SMS_GRAVE("attaque, attaques, attaquee, attaquent, agresse, agressee, agresses, agression, frappe, "
              "frappee, battu, battue, viol, violee, viole, pillage, pillages, pillent, pilleurs, vole, voles",
              IN_DANGER, VIOLENCE),
    {"kidnappe, kidnappee, kidnappes, enleve, enlevee, enleves, otage, otages, pris en otage, "
     "prise en otage, sequestre, sequestres",
     SMS_STATUS, STATUS_IN_DANGER, SMS_NEEDS(DETAINED) | SMS_NEEDS(VIOLENCE)},
    /* Well */
    SMS_ROW("en securite, en surete, en lieu sur, dans un lieu sur, a l abri, sain et sauf, saine et sauve, "
            "sains et saufs, saines et sauves, hors de danger, hors danger, pas en danger, aucun danger, "
            "pas de danger, sauf, saufs, securise",
            SAFE),
    SMS_ROW("tout va bien, tout vas bien, vas bien, jvais bien, jvai bien, vai bien, sa va, sa va bien, "
            "vais bien, va bien, allons bien, vont bien, ca va, ca va bien, je vais tres bien, "
            "vais tres bien, allons tous bien, allons tres bien, tout est ok, tous bien, sommes bien, "
            "suis bien, se porte bien, portons bien, porte bien, d accord, daccord, rien de grave, "
            "rien a signaler, ras, r a s, indemne, indemnes, pas de blesse, pas de blesses, aucun blesse, "
            "impeccable, on va bien, bien arrive, bien arrives, bien arrivee",
            WELL),
    /* No help wanted, said outright */
    SMS_ROW("pas besoin d aide, pas besoin daide, n ai pas besoin d aide, n avons pas besoin d aide, "
            "pas besoin de secours, aucun besoin, aucune aide necessaire, aide pas necessaire, "
            "pas d aide necessaire, besoin de rien, fausse alerte, sans besoin, pas besoin d assistance, "
            "plus besoin d aide, aide non necessaire",
            NO_HELP),
    /* Has a safe word in it and does not say it */
    SMS_ROW("est ce que ca va, comment ca va, vous allez bien, vous etes en securite, etre en securite, "
            "mettre en securite, nous mettre en securite, mettre a l abri, route est elle sure, "
            "etait en securite, sommes nous en securite, si ca va, est ce que c est sur, "
            "mettez nous en securite",
            UNSURE),
    /* On the move, or out */
    SMS_SAYS("en route, en route vers, en chemin, partons, pars, je pars, nous partons, quittons, je quitte, "
             "quitte niamey, quittons niamey, on part, roulons, en deplacement, vers la frontiere, "
             "a la frontiere, fuyons, fuir, nous fuyons, direction, convoi, en voyage, sommes partis, "
             "suis parti, suis partie, on bouge, nous allons a, nous allons vers, se dirige, dirigeons",
             MOVING),
    SMS_SAYS("quitte le niger, quitte le pays, ai quitte le niger, ai quitte le pays, avons quitte le niger, "
             "avons quitte le pays, hors du niger, hors du pays, passe la frontiere, traverse la frontiere, "
             "rentre en france, rentre chez moi, rentree chez moi, rentree en france, rentres chez nous, plus au "
             "niger, rentre au pays, "
             "deja parti du niger, partis du niger, sortis du niger, sorti du niger",
             DEPARTED),
    /* What people lack */
    SMS_ROW("besoin, besoin de, besoin d, besoin des, besoin du, veux, voulons, voudrais, manque, manquons, "
            "manque de, manque d, cherche, cherchons, demande, demandons, fini, finis, finie, termine, "
            "terminee, terminees, epuise, epuises, rupture, envoyez, donnez, apportez, il faut, "
            "il nous faut, il me faut, presque plus de, presque plus d",
            REQUEST),
    SMS_THING("insuline, medicament, medicaments, traitement, ventoline, diabetique, diabete, asthme, "
              "asthmatique, dialyse, oxygene, epileptique, ordonnance, comprimes, antibiotiques",
              MEDICATION),
    SMS_THING("medecin, docteur, ambulance, hopital, urgence medicale, soins, infirmier, infirmiere, "
              "chirurgie, medical, medicale, sang",
              MEDICAL_EMERGENCY),
    SMS_STATE("crise cardiaque, avc, mourant, mourante, meurt, mort, morts, morte, mourir, malade, malades, "
              "tres malade, fievre, palu, paludisme, accouche, accoucher, accouchement, contractions, "
              "respire plus, respire mal, ne respire plus, peut pas respirer, convulsions, cholera, "
              "empoisonne, malaise",
              MEDICAL_EMERGENCY),
    SMS_STATE("fauteuil roulant, handicape, handicapee, handicapes, ne peut pas marcher, peut pas marcher, "
              "peux pas marcher, paralyse, paralysee, bequilles, mobilite reduite",
              MOBILITY),
    SMS_STATE("enceinte, enceintes, grossesse, femme enceinte", PREGNANT),
    SMS_STATE("bebe, bebes, nourrisson, nourrissons, nouveau ne", INFANT),
    SMS_STATE("enfant seul, enfants seuls, mineur seul, mineure seule, mineur non accompagne, "
              "mineurs non accompagnes, sans parents, sans ses parents, sans leurs parents, sans mes parents, "
              "enfant perdu, enfant est seul, enfants sont seuls, fille est seule, fils est seul, "
              "mon enfant est seul, mes enfants sont seuls, perdu mes parents",
              UNACCOMPANIED_MINOR),
    SMS_STATE("personne agee, personnes agees, agee, vieille, grand mere, grand pere, mamie, papi", OLDER_PERSON),
    SMS_STATE("panique, crise de panique, suicidaire, suicide, depression, deprime, angoisse, traumatise, "
              "traumatisee",
              MENTAL_HEALTH),
    SMS_STATE("sourd, sourde, malentendant, malentendante", HEARING),
    SMS_STATE("aveugle, malvoyant, malvoyante", VISION),
    SMS_STATE("arrete, arretee, arretes, arretees, detenu, detenue, detenus, prison, emprisonne, garde a vue, "
              "police m a, police a pris, capture, captures, interpelle",
              DETAINED),
    SMS_STATE("violence, violences, violent, maltraite, maltraitee", VIOLENCE),
    SMS_THING("abri, logement, hebergement, refuge, dormir, ou aller, ou dormir, nulle part ou aller, toit, "
              "maison detruite, sans abri",
              SHELTER),
    SMS_THING("eau, nourriture, manger, boire, faim, soif, eau potable, lait, vivres, riz, pain, avons faim, "
              "ai faim, avons soif",
              FOOD_WATER),
    SMS_THING("argent, fonds, cfa, liquide", MONEY),
    SMS_THING("passeport, passeports, papiers, papier, document, documents, laissez passer, carte d identite, "
              "passeport perdu, passeport vole",
              DOCUMENTS),
    SMS_THING("transport, voiture, vehicule, essence, carburant, gasoil, avion, billet, place dans, chauffeur",
              TRANSPORT),
    SMS_STATE("chien, chiens, chat, chats, animal, animaux", PETS),
    /* Closed in */
    SMS_ROW("coince, coincee, coinces, coincees, piege, piegee, pieges, bloque, bloquee, bloques, bloquees, "
            "bloke, blokee, blokes, "
            "encercle, encerclee, encercles, encerclees, assiege, assieges, enferme, enfermee, enfermes, "
            "ne peux pas sortir, peux pas sortir, ne pouvons pas sortir, pouvons pas sortir, "
            "peut pas sortir, ne peut pas sortir, ne pouvons plus sortir, pouvons plus sortir, "
            "peux plus sortir, impossible de sortir, impossible de partir, ne pouvons pas partir, "
            "pouvons pas partir, peux pas partir, pas sortir, sous les decombres, barricades, "
            "on peut plus sortir",
            TRAPPED),
    /* About roads, not people */
    SMS_ROW("route bloquee, route est bloquee, routes bloquees, la route est bloquee, "
            "les routes sont bloquees",
            FILLER),
    /* Weapons heard or seen */
    SMS_ROW("tirs, tir, tirent, on tire, on nous tire dessus, tirs d armes, fusillade, coups de feu, "
            "coup de feu, coups de feux, coup de feux, bombardement, bombardements, bombe, bombes, explosion, "
            "explosions, sous le feu, "
            "sous les tirs, obus, sniper, combats, rafales, roquettes, grenade, ca tire, balles, "
            "armes lourdes",
            UNDER_FIRE),
    /* Wants to be taken out */
    SMS_ROW("evacuer, evacuez, evacuation, evacue, evacues, evacuee, evacuez nous, evacuez moi, "
            "quitter le pays, quitter le niger, quitter niamey, rapatriement, rapatrier, rapatriez, partir, "
            "partir d ici, veux partir, voulons partir, rentrer en france, rentrer chez, vol de retour, "
            "sortir du pays, sortir du niger, faites nous sortir, sortez nous",
            EVACUATE),
    /* Denials */
    SMS_ROW("pas, jamais, plus tres, pas tres, pas vraiment, pas du tout, guere, nullement", NOT),
    SMS_ROW("aucun, aucune, pas de, pas d, plus de, plus d, sans, personne n, personne ne, personne n est, "
            "non, rien, nul",
            NO),
    SMS_ROW("bien, bon, bonne", GOOD),
    /* Conjunctions */
    SMS_ROW("mais, cependant, pourtant, toutefois", BUT),
    SMS_ROW("ou, ni", OR),
    /* Subjects */
    SMS_ROW("je, jsuis, jesuis, jesui, chuis, j, ns, j ai, jai, il, elle, ils, elles, nous, vous, mon, ma, mes, notre, "
            "nos, "
            "c est, on, nous avons, je suis, moi, mari, femme, fils, fille, mere, pere, famille, ami, amis, "
            "toute la famille, tous, toutes, tout le monde, il y a, y a, ya, frere, soeur, ceci, ici c est",
            SUBJECT),
    /* People */
    SMS_ROW("nous sommes, ns sommes, sommes, on est, nous etions, groupe de, un groupe de, famille de, au total, "
            "nous sommes une famille de, nous sommes un groupe de, on est a",
            WE_ARE),
    SMS_ROW("personne, personnes, pers, gens, membres, ressortissants, francais, americains", PEOPLE),
    SMS_ROW("adultes, adulte, hommes, femmes, homme", ADULTS),
    SMS_ROW("enfant, enfants, gosses, garcons, filles, mineurs, ados, petits", CHILDREN),
    SMS_ROW("kilometres, kilometre, heures, heure, jours, jour, semaines, semaine, mois, ans, metres, "
            "litres, fois, sacs",
            UNIT),
    /* Where */
    {"au, aux, dans, pres de, pres d, chez, a cote de, actuellement a, arrive a, arrives a, "
     "bien arrive a, proche de",
     SMS_PREPOSITION, 1, 0},
    {"vers, depuis, de, d, pour, jusqu a", SMS_PREPOSITION, 0, 0},
    /* A case code may follow */
    SMS_ROW("dossier, mon dossier, numero de dossier, dossier numero, numero, mon numero, cas, reference, "
            "mon code, n",
            CODE_LABEL),
    /* Nothing by themselves */
    SMS_ROW("ne, mal", FILLER),
    SMS_ROW("slt, bjr, bsr, bcp, tt, dsl, sui, suis, est, es, sont, etes, etais, ai, as, avons, avez, ont, avoir, "
            "etre, le, la, les, l, un, "
            "une, des, du, et, avec, en, que, qui, qu, ce, cet, cette, se, y, sur, tres, trop, aussi, "
            "encore, toujours, maintenant, aujourd hui, ce soir, ce matin, hier, demain, svp, "
            "s il vous plait, sil vous plait, stp, s il te plait, merci, merci beaucoup, "
            "merci pour votre aide, merci de votre aide, bonjour, bonsoir, salut, madame, monsieur, ici, "
            "la bas, vite, rapidement, le plus vite possible, tout de suite, immediatement, pense, crois, "
            "sens, sentons, ca, cela, comme, car, parce que, si, quand, comment, quoi, ete, maison, hotel, "
            "quartier, village, ville, ambassade, consulat, immeuble, nuit, matin, soir, faire, fait, peux, "
            "peut, pouvez, pouvons, moment, pour le moment, pour l instant, oui, situation, calme, "
            "tout est calme, tout, reste, restons, chez nous, chez moi, me, te, leur, leurs, votre, vos, "
            "son, sa, ses, toute, autre, autres, depuis hier, pas de probleme, pas de soucis, pas de souci, "
            "aucun probleme, sans probleme, seul, seule, seuls, necessaire, beaucoup, peu, alors, donc, "
            "deja, ensemble, vivants, vivant",
            FILLER),
    SMS_COUNT_OF("deux", 2),
    SMS_COUNT_OF("trois", 3),
    SMS_COUNT_OF("quatre", 4),
    SMS_COUNT_OF("cinq", 5),
    SMS_COUNT_OF("six", 6),
    SMS_COUNT_OF("sept", 7),
    SMS_COUNT_OF("huit", 8),
    SMS_COUNT_OF("neuf", 9),
    SMS_COUNT_OF("dix", 10),
    SMS_COUNT_OF("douze", 12),
    /* An end to broadcasts */
    SMS_ROW("arret, arretez, desabonner, desabonnement, desinscription", STOP),
    /* Questions for the visa section: a routine matter, whatever "visa" says elsewhere */
    SMS_ROW("renouveler mon visa, renouveler un visa, demande de visa, service des visas, section des visas, "
            "rendez vous visa, renouvellement de visa, pour un visa, obtenir un visa",
            FILLER),
    /* Ordinary words a letter or two from a cry, by how often they are written */
    SMS_ROW("accession, accroche, accrocher, acide, acides, adresse, adressee, adresser, adresses, aient, "
            "ailes, aimer, aimes, aimez, aires, ambiance, amuse, animale, animales, antiques, arete, "
            "aretes, arretera, arrets, arrieres, assiette, assis, assise, assistante, assister, attachee, "
            "attacher, attaches, automatique, avions, aviron, baies, battre, belles, betes, billets, "
            "boite, boule, brute, bulletin, cachets, cachette, capteurs, chant, chants, chars, chauffer, "
            "cherchais, cherchant, chier, chine, combattu, complices, compromis, contraction, crache, "
            "danser, defendue, demanda, demandais, demandant, deportes, deranger, desaccord, desserte, "
            "detendre, detente, devenu, devenue, devenues, devenus, diabolique, dialecte, dialectes, "
            "diametre, dirigeant, dirigeants, doctorat, donne, donnee, donner, donnes, dormi, doucement, "
            "eleve, elevee, eleves, enchante, enterree, envoye, envoyee, evalue, evaluer, expulses, "
            "facture, factures, feter, fibre, fiere, finit, firme, foire, fonda, fonde, fondes, formule, "
            "formules, futur, gueri, guerre, hommages, indienne, indiennes, informer, inscrite, instants, "
            "instaure, insurges, internes, intervalle, lande, landes, largement, liquides, longuement, "
            "magasin, magasins, magie, mange, mangeons, manges, mangez, marie, marque, masque, mauvaise, "
            "medievale, menage, menages, mesurant, meure, mexicaine, milite, monte, montrant, monts, "
            "motte, musicale, neveu, orage, panier, papes, parcs, parier, paris, parlons, partit, parus, "
            "petrole, piges, pilotage, plage, plaie, plaine, plante, pompiers, pratique, prenant, "
            "prennent, prets, raide, rampe, recue, reduire, reparation, repartition, requetes, reuni, "
            "rient, secteurs, seins, sejours, semestre, senat, signe, soigne, soirs, termina, terminent, "
            "tient, tiers, tirant, toits, transfert, transporte, vaudrait, veille, vieilles, vieux, "
            "vives, vivre, voeux, voies, voile, volent, volet, volets, voulions",
            ORDINARY),
};
/* clang-format on */

const struct sms_lexicon sms_words_fr = {"fr", rows, sizeof(rows) / sizeof(rows[0])};
