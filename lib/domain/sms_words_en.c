/* SPDX-License-Identifier: Apache-2.0
 * English words of text messages. */
#include "domain/sms_words.h"

/* clang-format off: a phrase is never broken over lines. */
static const struct sms_row rows[] = {
    /* Help */
    SMS_SAYS("help, hlp, helpme, hepl, halp, pls help, please help, help me, help us, rescue, save us, "
             "save me, assist, assistance, aid, emergency, urgent, urgently, in trouble, in distress, "
             "desperate, need you, come get us, come get me, pick us up, pick me up, get us out, get me out, "
             "get us out of here, send someone, send somebody, h e l p, needhelp, ineedhelp, weneedhelp, helpus, "
             "helpmeplease, pleasehelp, plshelp, sendhelp, someone come, somebody come, please come, come quick, come "
             "quickly, come fast, come now, please come quickly",
             NEED_HELP),
    /* Not well, said outright */
    SMS_SAYS("bad situation, very bad, not doing well, not fine, scared, afraid, frightened, terrified, "
             "worse, getting worse, missing, is missing, disappeared",
             NEED_HELP),
    SMS_SAYS("unsafe, insecure, in danger, dangerous, life in danger, hiding, hide, we are hiding, "
             "threatened, threatening us, threatening me, on fire, fire, burning, not safe anymore, "
             "no longer safe, afraid for our lives, fear for my life, fear for our lives, they are coming, "
             "militia, mob, armed men, gunmen, soldiers outside, terrorists, notsafe, not safehere",
             IN_DANGER),
    SMS_SAYS("injured, injury, injuries, hurt, wounded, wound, wounds, shot, been shot, broken leg, "
             "broken arm, broken bone, burned, burnt, iminjured, iaminjured, imhurt",
             INJURED),
    SMS_GRAVE("bleeding, unconscious, gunshot wound, bleeding badly, heavy bleeding, bullet wound", INJURED,
              MEDICAL_EMERGENCY),
    SMS_GRAVE("attacked, attacking us, attacking, attackers, beaten, beating us, beat us, raped, rape, "
              "looters, looting, robbed, kidnappers",
              IN_DANGER, VIOLENCE),
    {"kidnapped, abducted, hostage, hostages, held hostage, taken hostage", SMS_STATUS, STATUS_IN_DANGER,
     SMS_NEEDS(DETAINED) | SMS_NEEDS(VIOLENCE)},
    /* Well */
    SMS_ROW("safe, secure, safe and sound, iamsafe, imsafe, wearesafe, weresafe, allsafe, safe now, in safety, in a "
            "safe place, in safe place, "
            "at a safe place, out of danger, no danger, not in danger, in no danger",
            SAFE),
    SMS_ROW("fine, alright, all right, all good, all well, am well, are well, is well, doing well, "
            "doing good, am good, are good, all ok, unharmed, unhurt, no injuries, nobody hurt, no one hurt, "
            "nobody injured, no one injured, im good, were fine, everything is good",
            WELL),
    /* No help wanted, said outright */
    SMS_ROW("no help needed, no help required, no need help, no need for help, no need of help, "
            "help not needed, do not need help, do not need any help, don t need help, don t need any help, "
            "dont need help, dont need any help, not need help, need no help, no assistance needed, "
            "no assistance required, do not need assistance, don t need assistance, false alarm, "
            "nothing needed, no longer need help, no more need help, do not need anything, "
            "don t need anything, dont need anything, need nothing",
            NO_HELP),
    /* Has "safe" or "ok" in it and does not say it */
    SMS_ROW("is it safe, is it ok, are we safe, you safe, you are safe, hope you are safe, hope you are all safe, hope "
            "you all are safe, hope everyone is safe, "
            "hope everybody is safe, hope you re safe, you are all safe, hope all is well, "
            "safe to, safe passage, safe route, safe road, safely, keep us safe, keep me safe, to be safe, "
            "stay safe, be safe, was safe, were safe, ok to, is ok to, until safe, if safe, when safe, "
            "till it is safe, not sure if safe, will be safe, would be safe",
            UNSURE),
    /* Safe is not where a place is asked for */
    SMS_THING("safe place, need safe place, a safe place, safe house, somewhere safe", SHELTER),
    /* On the move, or out */
    SMS_SAYS("moving, moving to, on the move, on the road, on our way, on my way, heading, heading to, "
             "heading for, driving, driving to, traveling, travelling, en route, leaving, leaving now, "
             "we left, i left, have left, going to, walking to, toward the border, towards the border, "
             "to the border, fleeing, we are moving, evacuating to, convoy",
             MOVING),
    SMS_SAYS("departed, left niger, left the country, out of the country, out of niger, crossed the border, "
             "have left niger, we left niger, i left niger, we have left niger, i have left niger, "
             "left country, back home, arrived home, already left niger, already left the country, "
             "we left the country, i left the country, no longer in niger, not in niger, "
             "not in niger anymore, home in the us, back in the us, landed",
             DEPARTED),
    /* What people lack */
    SMS_ROW("need, needs, needed, want, wants, require, requires, request, looking for, lack, lacking, "
            "finished, finish, out of, ran out of, run out of, running out, running out of, run out, "
            "ran out, low on, running low, running low on, almost out of, gone, send, bring, give, we need, "
            "i need, in need of, short of, without access to",
            REQUEST),
    SMS_THING("insulin, medicine, medicines, medication, medications, meds, medecine, pills, inhaler, "
              "dialysis, diabetic, diabetes, asthma, oxygen, epilepsy, epileptic, heart medicine, "
              "blood pressure medicine, hiv medicine, antibiotics",
              MEDICATION),
    SMS_THING("doctor, ambulance, medic, medical, medical emergency, medical help, medical care, "
              "medical assistance, surgery, hospital, nurse, blood",
              MEDICAL_EMERGENCY),
    SMS_STATE("heart attack, stroke, dying, dead, can t breathe, cant breathe, cannot breathe, not breathing, "
              "seizure, sick, very sick, ill, very ill, malaria, fever, high fever, in labor, in labour, "
              "into labor, into labour, giving birth, is in labor, contractions, snake bite, poisoned, "
              "collapsed, overdose, cholera",
              MEDICAL_EMERGENCY),
    SMS_STATE("wheelchair, disabled, disability, cannot walk, can t walk, cant walk, paralyzed, paralysed, "
              "crutches, handicapped",
              MOBILITY),
    SMS_STATE("pregnant, pregnancy, months pregnant, expecting a baby", PREGNANT),
    SMS_STATE("baby, babies, infant, infants, newborn, toddler", INFANT),
    SMS_STATE("child alone, children alone, kids alone, kid alone, alone child, unaccompanied, "
              "unaccompanied minor, unaccompanied child, my son is alone, my daughter is alone, "
              "my children are alone, my kids are alone, child is alone, children are alone, without parents, "
              "without their parents, without our parents, parents are gone, separated from my parents, "
              "separated from parents, lost my parents, lost child, missing child",
              UNACCOMPANIED_MINOR),
    SMS_STATE("elderly, old man, old woman, grandmother, grandfather, grandma, grandpa, old people, "
              "old parents",
              OLDER_PERSON),
    SMS_STATE("panic, panic attack, suicidal, suicide, depressed, depression, anxiety, traumatized, trauma",
              MENTAL_HEALTH),
    SMS_STATE("deaf", HEARING),
    SMS_STATE("blind", VISION),
    SMS_STATE("arrested, detained, jail, jailed, prison, in custody, was taken, been taken, taken by, "
              "taken away, police took, police took my, army took, held by, held at, taken by police, "
              "taken by soldiers, captured, arrest",
              DETAINED),
    SMS_STATE("violence, violent, abused, abuse, assaulted, assault, sexual assault, attack", VIOLENCE),
    SMS_THING("shelter, place to stay, place to sleep, nowhere to go, nowhere to stay, nowhere to sleep, "
              "homeless, accommodation, house destroyed, lodging",
              SHELTER),
    SMS_THING("food, water, hungry, thirsty, starving, drinking water, milk, formula, baby formula, eat, "
              "drink",
              FOOD_WATER),
    SMS_THING("money, cash, funds, loan, dollars", MONEY),
    SMS_THING("passport, passports, travel document, travel documents, documents, papers, id card, "
              "stolen passport, lost passport, expired passport",
              DOCUMENTS),
    SMS_THING("transport, transportation, car, vehicle, fuel, petrol, gas, gasoline, ride, a ride, seat, "
              "seats, flight, flights, plane, driver, lift",
              TRANSPORT),
    SMS_STATE("dog, dogs, cat, cats, pet, pets", PETS),
    /* Closed in */
    SMS_ROW(
        "trapped, trapd, trappd, stuck, surrounded, pinned, pinned down, besieged, encircled, blocked, cannot leave, "
        "can t leave, cant leave, can not leave, cannot get out, can t get out, cant get out, "
        "can not get out, unable to leave, unable to get out, cannot move, can t move, cant move, "
        "no way out, not let us go, not let us leave, won t let us go, under rubble, under the rubble, "
        "locked in, barricaded, cannot escape, can t escape, cant escape, not able to leave, "
        "not allowed to leave, won t let us leave, wont let us leave",
        TRAPPED),
    /* About roads, not people */
    SMS_ROW("road blocked, road is blocked, roads blocked, roads are blocked, stuck in traffic", FILLER),
    /* Weapons heard or seen */
    SMS_ROW("shooting, shootings, shots, shots fired, gunfire, gun fire, gunshot, gunshots, shelling, "
            "shelled, bomb, bombs, bombing, bombed, bombardment, explosion, explosions, under attack, "
            "under fire, sniper, snipers, firing, firing at us, shooting at us, mortar, mortars, rocket, "
            "rockets, grenade, grenades, fighting, airstrike, air strike, airstrikes, heavy fire, crossfire, "
            "shooting around us, guns, machine gun, bullets",
            UNDER_FIRE),
    /* Wants to be taken out */
    SMS_ROW("evacuate, evacuation, evacuated, evac, want to leave, want to leave niger, wants to leave, "
            "wish to leave, need to leave, must leave, please evacuate, want to go home, need to go home, "
            "want out, repatriation, repatriate, flight out, way out, get out, get out of here, "
            "get out of niger, leave niger, leave the country, take us out, take me out, help us leave, "
            "help me leave",
            EVACUATE),
    /* Denials */
    SMS_ROW("not, don t, dont, doesn t, doesnt, isn t, isnt, aren t, arent, never, wasn t, weren t, "
            "can t say, cannot say, haven t, havent, hasn t, ain t, aint, neither, unable to be, hardly, "
            "barely, far from, not yet, didn t, didnt",
            NOT),
    SMS_ROW("no, nobody, no one, none, noone, nobody is, no one is, none of us, without, zero, nothing", NO),
    SMS_ROW("won t, wont, couldn t, couldnt, wouldn t, wouldnt, shouldn t, doesnot, donot", NOT),
    SMS_ROW("well, good, great, comfortable, better, stable", GOOD),
    /* Conjunctions */
    SMS_ROW("but, although, though, however, except", BUT),
    SMS_ROW("or, nor", OR),
    /* Subjects */
    SMS_ROW("i, im, i m, i am, he, she, they, my, our, it, there, this is, he is, she is, they are, we have, "
            "i have, our family, my family, everyone, everybody, all of us, you, someone, somebody, "
            "people are, there is, there are, wife, husband, son, daughter, mother, father, my wife, "
            "my husband, my son, my daughter, my mother, my father, family, friend, friends, brother, "
            "sister, colleague, parents",
            SUBJECT),
    /* People */
    SMS_ROW("we are, we re, we were, were, we are a group of, group of, a group of, family of, party of, "
            "total, total of, us, we",
            WE_ARE),
    SMS_ROW("people, persons, person, ppl, of us, pax, members, family members, souls, individuals, "
            "in total, citizens, americans",
            PEOPLE),
    SMS_ROW("adults, adult, men, women, man, woman, grown ups", ADULTS),
    SMS_ROW("children, child, kids, kid, boys, girls, boy, girl, minors, teenagers", CHILDREN),
    SMS_ROW("km, kms, kilometers, kilometres, miles, mile, m, meters, metres, hours, hour, hrs, hr, h, "
            "minutes, min, mins, days, day, weeks, week, months, month, years, year, am, pm, percent, times, "
            "bags, cars, liters, litres, blocks",
            UNIT),
    /* Where */
    {"in, at, near, inside, close to, next to, around, outside, by, staying in, now in, now at, "
     "arrived in, arrived at, reached",
     SMS_PREPOSITION, 1, 0},
    {"from, to, toward, towards, for, leaving from", SMS_PREPOSITION, 0, 0},
    /* A case code may follow */
    SMS_ROW("case, case number, case no, my case, case code, my code, reference, registration, "
            "registration number, file, number",
            CODE_LABEL),
    /* Nothing by themselves */
    SMS_ROW("yet, left, border, the border, u, ur, r, n", FILLER),
    SMS_ROW("an, the, are, is, be, been, being, and, with, of, on, all, any, some, very, really, so, too, "
            "also, just, still, now, today, tonight, yesterday, tomorrow, at all, more, me, him, her, them, "
            "your, their, this, that, these, please, pls, plz, pleas, thank you, thanks, "
            "thank you very much, thanks a lot, thx, hello, hi, dear, sir, madam, good morning, "
            "good evening, good afternoon, good day, here, feel, feeling, think, say, sure, have, has, had, "
            "do, does, can, could, will, would, soon, asap, as soon as possible, quick, quickly, "
            "immediately, fast, how, what, when, where, as, because, since, if, then, than, up, out, off, "
            "home, house, hotel, building, village, town, city, embassy, consulate, morning, evening, night, "
            "no problem, no problems, no worries, for your help, thanks for your help, thanks for help, "
            "thank you for your help, thank you for help, thanks for the help, "
            "thank you for your assistance, everything, everything is, situation, get, got, come, let, know, "
            "much, many, few, little, only, other, another, again, yes, god bless, name, my name is, reply, "
            "message, calm, quiet, badly, anymore, longer, even, until, new, staying, stay, feels, doing, "
            "near the, already, both, together, alive",
            FILLER),
    SMS_COUNT_OF("one", 1),
    SMS_COUNT_OF("two", 2),
    SMS_COUNT_OF("three", 3),
    SMS_COUNT_OF("four", 4),
    SMS_COUNT_OF("five", 5),
    SMS_COUNT_OF("six", 6),
    SMS_COUNT_OF("seven", 7),
    SMS_COUNT_OF("eight", 8),
    SMS_COUNT_OF("nine", 9),
    SMS_COUNT_OF("ten", 10),
    SMS_COUNT_OF("twelve", 12),
    /* Questions for the visa section: a routine matter, whatever "visa" says elsewhere */
    SMS_ROW("renew my visa, renew visa, renew a visa, visa section, visa appointment, visa application, "
            "my visa application, visa interview, visa office, about my visa, about a visa, "
            "on safari, safari lodge, safari camp, safari park, safari tour",
            FILLER),
    /* Ordinary words a letter or two from a cry, by how often they are written */
    SMS_ROW("actresses, addicted, addresses, agent, agree, almighty, animals, ardent, argument, aside, "
            "assistant, assistants, attached, attained, attaining, attested, attracted, attracting, "
            "ballet, balls, battle, believed, billed, blend, blending, blessing, blink, blond, bloom, "
            "boring, breeding, brings, burst, casts, catches, chaos, chart, charts, cheat, chickens, "
            "chief, churches, clash, coaches, coats, coincide, combat, comprise, comprised, comprises, "
            "conclusions, constructions, contracting, contractors, conversions, convey, convince, "
            "convinces, crash, cultures, dagger, dancer, declined, decrease, decreased, demand, demanded, "
            "demanding, demands, depicted, depleted, deserted, destined, detached, detailed, detection, "
            "diameter, directing, directions, directive, director, diving, documented, dollar, donor, "
            "doors, drank, drilling, drinks, dripping, drive, driven, drivers, drives, drunk, emergence, "
            "evaluate, evaluated, evaluation, exclusion, expansion, fewer, fight, fights, figuring, "
            "filing, finds, fines, finishes, finite, fixing, flirting, flood, folds, formulas, freezing, "
            "furnished, given, gives, healing, hearing, hearings, heating, hiring, hopeless, incurred, "
            "infantry, insulting, lauded, leading, leaking, leaning, learning, leasing, ligament, liquid, "
            "loans, locking, logging, longing, magazine, maiden, manager, managers, manner, marry, media, "
            "mediation, medicinal, medieval, meditation, messing, missions, monkey, mortal, newer, "
            "noticing, noting, nurses, ordinance, overcome, paint, pairs, paper, paradise, password, "
            "patrol, patrons, penned, piece, pieces, plain, planes, planet, plans, plant, plate, poets, "
            "poison, pulls, quitting, raced, racket, rapid, rated, refuse, requested, requests, rider, "
            "rides, ridge, risen, sacred, safer, scaled, schooling, scored, scouting, secured, selling, "
            "sends, shared, shifting, shocking, shoes, shopping, shops, shorts, shout, shouting, shouts, "
            "shows, shuts, shutting, slang, slippers, smelled, smelling, snarling, snuck, soils, source, "
            "spans, spared, spelled, spelling, spend, sporting, spots, stack, stalking, standing, "
            "staring, starring, starting, stealing, stick, stock, stoke, struck, sweat, tapped, terminal, "
            "terminals, terminates, terminus, terrific, testified, thirty, tires, trailing, transform, "
            "transformation, transported, tripped, unarmed, violet, vista, votes, waiter, waits",
            ORDINARY),
};
/* clang-format on */

const struct sms_lexicon sms_words_en = {"en", rows, sizeof(rows) / sizeof(rows[0])};
